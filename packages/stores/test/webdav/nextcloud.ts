import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { listen } from "../loopback.ts";

const [filesPath, uploadsPath] = ["/remote.php/dav/files/alice/", "/remote.php/dav/uploads/alice/"];

/**
 * Nextcloud's addresses over an Apache, and its putting together of chunks as the developer manual describes it ("Chunked file
 * upload", version 2): a MOVE of `.file` joins them in the order of their names and checks the length.
 */
export async function startNextcloud(apache: { url: string; files: string }) {
  const refused: string[] = [];
  let losesNextChunk = false;

  const toApache = (url: string) => url.replace(filesPath, "/files/").replace(uploadsPath, "/uploads/");

  async function joinChunks(incoming: IncomingMessage): Promise<number> {
    const upload = new URL(toApache(incoming.url ?? ""), apache.url).pathname.replace(/\/\.file$/, "");
    const destination = new URL(toApache(String(incoming.headers["destination"]))).pathname;
    const folder = join(apache.files, upload);
    const chunks = await Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name))));
    const whole = Buffer.concat(chunks);
    if (whole.length !== Number(incoming.headers["oc-total-length"] ?? whole.length)) return 400;
    await writeFile(join(apache.files, decodeURIComponent(destination)), whole);
    await rm(folder, { recursive: true });
    return 201;
  }

  const { url, close } = await listen((incoming, response) => {
    const path = incoming.url ?? "";
    if (incoming.method === "MOVE" && path.endsWith("/.file")) {
      void joinChunks(incoming).then((status) => response.writeHead(status).end());
      return;
    }
    const isChunk = incoming.method === "PUT" && path.startsWith(uploadsPath);
    if (incoming.headers["content-range"] !== undefined || (isChunk && !/\/\d{5}$/.test(path))) {
      refused.push(`${incoming.method} ${path}`);
      response.writeHead(400).end();
      return;
    }
    if (isChunk && losesNextChunk) {
      losesNextChunk = false;
      response.destroy();
      return;
    }
    const headers = { ...incoming.headers };
    delete headers.host;
    if (headers["destination"] !== undefined) headers["destination"] = toApache(String(headers["destination"])).replace(url, apache.url);
    const onward = request(new URL(toApache(path), apache.url), { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });

  return { folder: `${url}${filesPath}Backups`, close, refused, loseNextChunk: () => (losesNextChunk = true) };
}
