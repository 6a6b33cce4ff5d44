import { chmod } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { assertOwnPath } from "./privateFolder.ts";

const sqliteBusy = 5;
/** SQLite's own words for that code, in every version. */
const busyText = /\bdatabase (table )?is locked\b/;

/**
 * Takes a file that one process holds at a time, or answers undefined while another has it.
 *
 * It is an empty SQLite file under an exclusive lock. The operating system gives the lock back when the process dies, however it dies, so
 * there are no stale lock files to judge. Its folder must exist; the file stays, readable by its owner only.
 *
 * @throws any error of the file system or of SQLite that does not mean that another has it
 */
export async function tryLockFile(path: string): Promise<(() => void) | undefined> {
  await assertOwnPath(path);
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    // By its path: a descriptor of this process that is closed would take the lock of another holder in it.
    await chmod(path, 0o600).catch(() => undefined);
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return () => {
    if (database.isOpen) database.close();
  };
}

/** Whether SQLite says that another has the file: Node gives the code as a number, Bun by its name, Deno in words only. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { errcode, errno, code } = error as { errcode?: unknown; errno?: unknown; code?: unknown };
  for (const number of [errcode, errno]) if (typeof number === "number" && number > 0) return (number & 0xff) === sqliteBusy;
  return (typeof code === "string" && code.startsWith("SQLITE_BUSY")) || busyText.test(error.message);
}
