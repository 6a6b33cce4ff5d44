import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { httpStore } from "../src/http/index.ts";
import type { ArchiveServerOptions } from "../src/server/index.ts";
import { inboxes, startArchiveServer } from "./archiveServer.ts";

export const fingerprint = "0".repeat(64);
export const tus = { "Tus-Resumable": "1.0.0" };

/** A folder for each test, and archive servers over it. */
export function serverFolder() {
  const servers: Awaited<ReturnType<typeof startArchiveServer>>[] = [];
  let directory: string;
  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), "xmtp-backup-server-")), "archives");
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.dispose()));
    await rm(join(directory, ".."), { recursive: true, force: true });
  });

  async function start(options: Partial<ArchiveServerOptions> = {}) {
    const server = await startArchiveServer({ directory, ...options });
    servers.push(server);
    const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { Authorization: "Bearer alice", ...headers },
        ...(body !== undefined && { body }),
      });
    const begin = async (id: string, size: number, more: Record<string, string> = {}) => {
      const pairs = Object.entries({ archive: id, fingerprint, ...more }).map(
        ([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`,
      );
      return (await ask("POST", "/uploads", { ...tus, "Upload-Metadata": pairs.join(","), "Upload-Length": String(size) })).status;
    };
    const send = (id: string, offset: number, body: string) =>
      ask(
        "PATCH",
        `/uploads/${id}/${fingerprint}`,
        { ...tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
        body,
      );
    const storeOf = (token: string) =>
      httpStore({ url: server.url, retries: 0, credentials: () => ({ Authorization: `Bearer ${token}` }) });
    return { ...server, ask, begin, send, storeOf };
  }
  const folder = () => join(directory, inboxes.alice);
  const files = async () => (await readdir(folder()).catch(() => [])).sort();

  return { start, folder, files, directory: () => directory };
}
