import type { DatabaseSync } from "node:sqlite";

import { nextTimestampNs } from "./nextTimestampNs.ts";

/** One entry of a log. Ids grow over all topics and are never used twice. */
export type Entry = {
  id: bigint;
  topic: Uint8Array;
  createdNs: bigint;
  body: Uint8Array;
};

/** Which part of a topic to read. */
export type PageRequest = {
  /** The id that was reached; 0 for none. */
  cursor: bigint;
  /** @default "ascending" */
  order?: "ascending" | "descending";
  /** @default no limit */
  limit?: number;
};

/** An append-only log of entries, each under a topic. */
export type Log = {
  /**
   * Adds an entry at the end. With a fingerprint, an entry whose fingerprint is there already is left out.
   *
   * @returns the entry's id, or undefined if it was left out.
   */
  append(topic: Uint8Array, body: Uint8Array, fingerprint?: Uint8Array): bigint | undefined;
  /** The topic's entries past the cursor, in order. */
  page(topic: Uint8Array, request: PageRequest): Entry[];
  newest(topic: Uint8Array): Entry | undefined;
  countEntries(): number;
  countTopics(): number;
};

const maxId = 2n ** 63n - 1n;

/** The names are part of SQL statements, so they are a closed set. */
export type LogName = "group_messages" | "welcome_messages" | "commit_log" | "identity_updates";

/** Opens the log of that name, empty if the database has none. */
export function createLog(db: DatabaseSync, name: LogName): Log {
  db.exec(`
    CREATE TABLE IF NOT EXISTS ${name} (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      topic BLOB NOT NULL,
      created_ns INTEGER NOT NULL,
      body BLOB NOT NULL,
      fingerprint BLOB UNIQUE
    ) STRICT;
    CREATE INDEX IF NOT EXISTS ${name}_by_topic ON ${name} (topic, id);
  `);
  const columns = "id, topic, created_ns AS createdNs, body";
  const insert = db.prepare(
    `INSERT INTO ${name} (topic, created_ns, body, fingerprint) VALUES (?, ?, ?, ?)
     ON CONFLICT (fingerprint) DO NOTHING RETURNING id`,
  );
  const ascending = db.prepare(`SELECT ${columns} FROM ${name} WHERE topic = ? AND id > ? ORDER BY id LIMIT ?`);
  const descending = db.prepare(`SELECT ${columns} FROM ${name} WHERE topic = ? AND id < ? ORDER BY id DESC LIMIT ?`);
  const entries = db.prepare(`SELECT count(*) AS count FROM ${name}`);
  const topics = db.prepare(`SELECT count(DISTINCT topic) AS count FROM ${name}`);
  for (const statement of [insert, ascending, descending]) statement.setReadBigInts(true);

  function page(topic: Uint8Array, { cursor, order = "ascending", limit = -1 }: PageRequest): Entry[] {
    const bounded = cursor > maxId ? maxId : cursor;
    if (order === "ascending") return ascending.all(topic, bounded, limit) as Entry[];
    return descending.all(topic, bounded === 0n ? maxId : bounded, limit) as Entry[];
  }

  return {
    append(topic, body, fingerprint) {
      const row = insert.get(topic, nextTimestampNs(), body, fingerprint ?? null);
      return row?.["id"] as bigint | undefined;
    },
    page,
    newest: (topic) => page(topic, { cursor: 0n, order: "descending", limit: 1 })[0],
    countEntries: () => Number(entries.get()?.["count"]),
    countTopics: () => Number(topics.get()?.["count"]),
  };
}
