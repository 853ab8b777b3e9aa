/** The types of `testing.d.cts` for modules: programs that `require` this package need them in a file of CommonJS. */
export * from './testing.cjs';
