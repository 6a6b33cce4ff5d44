import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

const schemaVersion = 1;

/**
 * Opens the SQLite database behind a network: in memory, or a file that only one network uses at a time.
 *
 * @throws when the file belongs to another network or program, is of another version, or can't be written.
 */
export function openDatabase(path: string | undefined): DatabaseSync {
  if (path === undefined) return prepare(new DatabaseSync(":memory:"));
  let db: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    db = new DatabaseSync(path);
    return prepare(db);
  } catch (cause) {
    db?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Can't keep the network in ${path}: ${reason}`, { cause });
  }
}

/** Readies a fresh or earlier database. The exclusive lock lasts until it is closed or its process ends. */
function prepare(db: DatabaseSync): DatabaseSync {
  db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version !== 0 && version !== schemaVersion) {
    throw new Error(`it has version ${version}, this network reads version ${schemaVersion}`);
  }
  db.exec(`PRAGMA user_version = ${schemaVersion};`);
  return db;
}
