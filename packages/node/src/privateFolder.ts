import { chmod, lstat, mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes sure of a folder that its owner alone can read (mode 0700), for what nobody else may see or plant.
 *
 * In a place where everybody may write, as in the system's temporary folder, somebody else can be there first: there it must be a folder
 * of this user's own, and no link to another. Elsewhere the app has chosen the place, a link included.
 *
 * @throws an error with the code `EPERM` when somebody else owns the folder, or it is a link
 */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const user = process.geteuid?.();
  if (user === undefined) return;
  const found = await lstat(path);
  const isOwn = found.isDirectory() && found.uid === user;
  if (!isOwn && (await isOpenToAll(dirname(resolve(path))))) throw refusal(path);
  if (isOwn && (found.mode & 0o077) !== 0) await chmod(path, 0o700);
}

const othersMayWrite = 0o002;

async function isOpenToAll(folder: string): Promise<boolean> {
  return ((await stat(folder)).mode & othersMayWrite) !== 0;
}

function refusal(path: string): Error {
  return Object.assign(new Error(`The folder ${path} lies where everybody may write, and is not this user's own.`), { code: "EPERM" });
}
