import { randomUUID } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * What time it is by the clock of the file system that holds a folder, in milliseconds since 1970: that of a file which is written now.
 * On a network drive that clock is another machine's. Undefined when the folder can't be written.
 */
export async function folderTimeMs(folder: string): Promise<number | undefined> {
  const path = join(folder, `.clock.${randomUUID()}`);
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.write("x");
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  } finally {
    await unlink(path).catch(() => undefined);
  }
}
