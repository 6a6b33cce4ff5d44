import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/** The files of history sync, by id. */
export type Files = {
  /** Keeps the file and returns its new id. */
  put(body: Uint8Array): string;
  get(id: string): Uint8Array | undefined;
  count(): number;
};

/** Opens the files, none if the database is new. */
export function createFiles(db: DatabaseSync): Files {
  db.exec("CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;");
  const put = db.prepare("INSERT INTO files (id, body) VALUES (?, ?)");
  const get = db.prepare("SELECT body FROM files WHERE id = ?");
  const count = db.prepare("SELECT count(*) AS count FROM files");
  return {
    put(body) {
      const id = randomUUID();
      put.run(id, body);
      return id;
    },
    get: (id) => get.get(id)?.["body"] as Uint8Array | undefined,
    count: () => Number(count.get()?.["count"]),
  };
}
