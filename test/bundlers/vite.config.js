import { defineConfig } from "vite";

export default defineConfig({
  // For the dev server of Vite 7: what it bundles beforehand loses the addresses of workers and WebAssembly.
  optimizeDeps: { exclude: ["@xmtp/browser-sdk", "@xmtp/wasm-bindings", "@xmtp-backup/browser"] },
});
