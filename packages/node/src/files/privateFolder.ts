import { chmod, lstat, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isMissing } from "./systemCode.ts";

const othersMayWrite = 0o002;

/**
 * Makes sure of a folder that its owner alone can read (mode 0700).
 *
 * Where everybody may write, as in the system's temporary folder, somebody else can be there first: see `assertOwnPath`. Elsewhere
 * the app has chosen the place, and a folder that is there keeps its mode.
 *
 * @throws an error with the code `EPERM` when somebody else may have put the folder there
 */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const isInOpenPlace = await assertOwnPath(path);
  if (isInOpenPlace && ((await lstat(path)).mode & 0o077) !== 0) await chmod(path, 0o700);
}

/**
 * Refuses a path that somebody else may have planted. In a folder that everybody may write to, an entry must be this user's own or the
 * system's, and no link to another place. Says whether the path itself lies in such a folder; one that is missing is nobody's.
 *
 * @throws an error with the code `EPERM` when it may be somebody else's
 */
export async function assertOwnPath(path: string): Promise<boolean> {
  const user = process.geteuid?.();
  if (user === undefined) return false;
  const whole = resolve(path);
  let isInOpenPlace = false;
  for (let child = whole, folder = dirname(child); folder !== child; child = folder, folder = dirname(folder)) {
    if ((((await look(folder))?.mode ?? 0) & othersMayWrite) === 0) continue;
    isInOpenPlace ||= child === whole;
    const found = await look(child);
    if (found && (found.isSymbolicLink() || (found.uid !== user && found.uid !== 0))) throw refusal(child);
  }
  return isInOpenPlace;
}

function look(path: string) {
  return lstat(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

function refusal(path: string): Error {
  return Object.assign(new Error(`${path} lies where everybody may write, and is a link or belongs to another user.`), { code: "EPERM" });
}
