import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { listen } from "../loopback.ts";

const [filesPath, uploadsPath] = ["/remote.php/dav/files/alice/", "/remote.php/dav/uploads/alice/"];

/**
 * Nextcloud's addresses over an Apache, and its putting together of chunks as the developer manual describes it ("Chunked file
 * upload", version 2): a MOVE of `.file` joins them in the order of their names and checks the length.
 */
export type NextcloudOptions = {
  /**
   * How often the server says that it is still putting an upload together, before it has: the first MOVE is answered with `slowAnswer`, by a proxy
   * that did not wait longer, and further ones with 423. @default 0
   */
  busyAnswers?: number;
  /** What the proxy answers; without a number it cuts the connection. @default 504 */
  slowAnswer?: number | "cut";
};

export async function startNextcloud(apache: { url: string; files: string }, { busyAnswers = 0, slowAnswer = 504 }: NextcloudOptions = {}) {
  const refused: string[] = [];
  /** What was asked of uploads, apart from chunks. */
  const asked: string[] = [];
  const busy = new Map<string, number>();
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
    if (incoming.method === "MOVE" || (incoming.method === "DELETE" && path.startsWith(uploadsPath)))
      asked.push(`${incoming.method} ${path.replace(/.*\//, "").replace(/.*(\.xmtp)/, "$1")}`);
    if (incoming.method === "MOVE" && path.endsWith("/.file")) {
      const times = busy.get(path) ?? 0;
      busy.set(path, times + 1);
      if (times === busyAnswers)
        return void joinChunks(incoming).then(
          (status) => response.writeHead(status).end(),
          () => response.writeHead(404).end(),
        );
      if (times > 0) return void response.writeHead(times < busyAnswers ? 423 : 404).end();
      return void (slowAnswer === "cut" ? response.destroy() : response.writeHead(slowAnswer).end());
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

  return { folder: `${url}${filesPath}Backups`, close, refused, asked, loseNextChunk: () => (losesNextChunk = true) };
}
