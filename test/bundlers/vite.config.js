import { defineConfig } from "vite";

export default defineConfig({
  // For the dev server of Vite 7: what it bundles beforehand loses the address of its worker and its WebAssembly.
  optimizeDeps: { exclude: ["@xmtp/browser-sdk", "@xmtp/wasm-bindings"] },
});
