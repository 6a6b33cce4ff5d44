import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./freePort.ts";
import { answersAt, startProgram, untilReady } from "./startProgram.ts";

/** Who may use a server of WebDAV of the tests. */
export const alice = { user: "alice", password: "secret" };
export const authorization = (password = alice.password) => ({ Authorization: `Basic ${btoa(`${alice.user}:${password}`)}` });

export type DavServer = {
  url: string;
  /** The folder whose files it serves. */
  files: string;
  dispose: () => Promise<void>;
};

/** Where a server has its files: `files` is what it serves, all else below `root` is its own. */
export type DavPlace = { root: string; files: string; port: number };

export type DavProgram = { command: string; args: string[]; env?: NodeJS.ProcessEnv };

/** Starts a server of WebDAV over a new folder, on a free port of loopback. */
export async function startDavServer(prepare: (place: DavPlace) => Promise<DavProgram>): Promise<DavServer> {
  const root = await mkdtemp(join(tmpdir(), "xmtp-backup-dav-"));
  const [files, log] = [join(root, "files"), join(root, "log")];
  const url = `http://127.0.0.1:${await freePort()}`;
  await mkdir(files);
  await chmod(root, 0o755);
  const { command, args, env = {} } = await prepare({ root, files, port: Number(new URL(url).port) });
  const program = startProgram(command, args, { log, env });
  const dispose = async () => {
    await program.stop();
    await rm(root, { recursive: true, force: true });
  };
  try {
    await untilReady(program, answersAt(url), log);
    return { url, files, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
