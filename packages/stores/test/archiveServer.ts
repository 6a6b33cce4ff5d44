import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArchiveServerOptions, createArchiveServer } from "../src/server/index.ts";
import { listen } from "./loopback.ts";

export const inboxes = { alice: "a".repeat(64), bob: "b".repeat(64) };

/** The real server on loopback, over a folder of its own unless one is given; a token is the name of an inbox. */
export async function startArchiveServer(options: Partial<ArchiveServerOptions> = {}) {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "xmtp-backup-server-")));
  const authenticate = (request: Request) => {
    const name = request.headers.get("authorization")?.replace("Bearer ", "");
    return name === "alice" || name === "bob" ? inboxes[name] : undefined;
  };
  const { url, close } = await listen(createArchiveServer({ authenticate, ...options, directory }).listener);
  const dispose = async () => {
    await close();
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  return { url, directory, dispose };
}
