import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Lets `fetch` read files, as it reads a page's own files in a browser: WebAssembly is loaded with it. */
export function fetchFiles(): void {
  const fetchRemote = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    if (!url.startsWith("file:")) return fetchRemote(input, init);
    const headers = { "content-type": "application/wasm" };
    return new Response(await readFile(fileURLToPath(url)), { headers });
  };
}
