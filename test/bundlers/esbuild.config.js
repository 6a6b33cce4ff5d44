import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const fileOf = (specifier, file) => fileURLToPath(new URL(file, import.meta.resolve(specifier)));

/** esbuild leaves the addresses of workers as they are: they become those of the entry points below. */
const sdkWorkers = {
  name: "sdk-workers",
  setup({ onLoad }) {
    onLoad({ filter: /@xmtp[\\/]browser-sdk[\\/]dist[\\/]index\.js$/ }, async ({ path }) => {
      const script = await readFile(path, "utf8");
      return { contents: script.replace(/new URL\("\.\/workers\/(\w+)"/g, 'new URL("./workers/$1.js"') };
    });
  },
};

export default {
  entryPoints: [
    { in: "main.js", out: "main" },
    { in: fileOf("@xmtp-backup/browser", "fileWorker.js"), out: "fileWorker" },
    { in: fileOf("@xmtp/browser-sdk", "workers/client.js"), out: "workers/client" },
    { in: fileOf("@xmtp/browser-sdk", "workers/opfs.js"), out: "workers/opfs" },
    { in: fileOf("@xmtp/wasm-bindings", "bindings_wasm_bg.wasm"), out: "bindings_wasm_bg" },
  ],
  bundle: true,
  minify: true,
  // What app and workers share, the bindings among it, is then one file, beside their WebAssembly.
  splitting: true,
  format: "esm",
  target: "es2022",
  loader: { ".wasm": "copy" },
  plugins: [sdkWorkers],
  outdir: "dist",
};
