/** Finds the wasm module: one of `pkg-template/wasm`, by the runtime's condition in the package's `imports`. */
declare module '#wasm' {
  export default function load(): Promise<WebAssembly.Module>;
}
