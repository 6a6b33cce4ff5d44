import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server offers: contents by path, such as `/sample.xmtp`. */
export type ServedFiles = Record<string, string | Uint8Array>;

const types: Record<string, string> = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", wasm: "application/wasm" };

/** Serves files on the loopback address, which browsers take for a secure origin, at a free port. */
export async function serveFiles(files: ServedFiles): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    if (content === undefined) return void response.writeHead(404).end();
    // The SDK names its worker's script without an ending.
    const unnamed = typeof content === "string" ? types["js"] : "application/octet-stream";
    const type = types[path.slice(path.lastIndexOf(".") + 1)] ?? unnamed;
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(content) }).end(content);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
