import type { Stats } from "node:fs";
import { chmod, lstat, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isMissing } from "./systemCode.ts";

const othersMayWrite = 0o002;
/**
 * This user's own folders whose whole path was checked: what they were, and the entries on the way that lie where everybody may write.
 * Notes and chunks are written all the time, and a whole check takes a call for each part of the path.
 */
const checked = new Map<string, { dev: number; ino: number; entries: readonly string[] }>();

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
  const parent = dirname(whole);
  const known = checked.get(parent);
  const found = await look(parent);
  if (known && isOwn(found, user) && found.dev === known.dev && found.ino === known.ino) {
    for (const entry of known.entries) await assertOwnEntry(entry, user);
    return false;
  }
  const entries: string[] = [];
  for (let child = whole, folder = parent; folder !== child; child = folder, folder = dirname(folder)) {
    if ((((await look(folder))?.mode ?? 0) & othersMayWrite) !== 0) entries.push(child);
  }
  for (const entry of entries) await assertOwnEntry(entry, user);
  if (isOwn(found, user)) checked.set(parent, { dev: found.dev, ino: found.ino, entries });
  return entries[0] === whole;
}

async function assertOwnEntry(path: string, user: number): Promise<void> {
  const found = await look(path);
  if (found && (found.isSymbolicLink() || (found.uid !== user && found.uid !== 0))) throw refusal(path);
}

/** Whether only this user can put anything into a folder, or replace it by another one of this user's. */
function isOwn(found: Stats | undefined, user: number): found is Stats {
  return found !== undefined && found.isDirectory() && found.uid === user && (found.mode & othersMayWrite) === 0;
}

function look(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return undefined;
  });
}

function refusal(path: string): Error {
  return Object.assign(new Error(`${path} lies where everybody may write, and is a link or belongs to another user.`), { code: "EPERM" });
}
