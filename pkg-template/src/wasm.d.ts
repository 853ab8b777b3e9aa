/** Finds the wasm module: one of `pkg-template/wasm`, by the runtime's condition in the package's `imports`. */
declare module '#wasm' {
  /** What is loaded at the start, or the part of that name. */
  export default function load(part?: string): Promise<WebAssembly.Module>;
}
