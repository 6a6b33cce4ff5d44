import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export type PutAssignment = {
  directory: string;
  sizeBytes: number;
  /** Give up the rights of root for this user's before the store is opened. */
  userId?: number;
};

const script = fileURLToPath(new URL("./putChild.ts", import.meta.url));

/**
 * Puts an archive into a file store in a process of its own, and answers with `stored` or the code of the error.
 *
 * @param fileBlocks - the size that no file may grow over, in the blocks of the shell's `ulimit -f`
 */
export async function putInChild(assignment: PutAssignment, fileBlocks?: number): Promise<string> {
  const limit = fileBlocks === undefined ? "" : `ulimit -f ${fileBlocks}; `;
  const command = [process.execPath, "--conditions=@xmtp-backup/source", script, JSON.stringify(assignment)];
  const { stdout } = await promisify(execFile)("sh", ["-c", `${limit}exec "$@"`, "sh", ...command]);
  return stdout;
}
