import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";

/** Room for the databases and archives of the largest case, in bytes. */
const neededBytes = 2 ** 31;

/**
 * A folder in memory where the system has one (Linux), so that a slow disk, which costs both sides of a ratio the same
 * for each message, does not hide what is measured; the temporary folder elsewhere.
 */
export async function memoryFolder(): Promise<string> {
  const { bavail, bsize } = await statfs("/dev/shm").catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= neededBytes ? "/dev/shm" : tmpdir();
}
