/** What is used of an engine's `WebAssembly`, which not every engine has. */
export type WasmEngine = { instantiate(module: Uint8Array<ArrayBuffer>): Promise<{ instance: { exports: object } }> };

/** The one of the engine that runs this. */
export const ownWasmEngine = (): WasmEngine | undefined => (globalThis as { WebAssembly?: WasmEngine }).WebAssembly;
