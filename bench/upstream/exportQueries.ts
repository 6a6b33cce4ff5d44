import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { cpuSecondsOf } from "./cpuSecondsOf.ts";

/** How many messages the SDK asks for at once. */
const pageRows = 100;

const select = `SELECT group_messages.* FROM group_messages LEFT JOIN groups ON groups.id = group_messages.group_id
  WHERE groups.conversation_type IN (1, 2) AND group_messages.kind = 1
  AND (group_messages.expire_at_ns IS NULL OR group_messages.expire_at_ns > 0)`;

/** The SDK's query of an export. The range is optional, and its bounds are parameters. */
export const offsetQuery = (isRange: boolean): string =>
  `${select}${isRange ? " AND sent_at_ns > :startNs AND sent_at_ns <= :endNs" : ""} ORDER BY group_messages.id LIMIT ${pageRows} OFFSET :offset`;

/** All pages of the SDK's query, of which one in so many is read: all take long, and their cost grows evenly. */
export function offsetSeconds(database: DatabaseSync, messages: number, oneIn: number): number {
  const page = prepared(database, offsetQuery(false));
  let seconds = 0;
  for (let offset = (oneIn / 2) * pageRows; offset < messages; offset += oneIn * pageRows)
    seconds += cpuSecondsOf(() => page.all({ offset }));
  return seconds * oneIn;
}

/** The same messages, each page from the last id of the one before. */
export function keysetSeconds(database: DatabaseSync, messages: number): number {
  const page = prepared(database, `${select} AND group_messages.id > :id ORDER BY group_messages.id LIMIT ${pageRows}`);
  return cpuSecondsOf(() => readPages(messages, ({ id = new Uint8Array() }) => page.all({ id: id as SQLInputValue })));
}

/** The messages of a range with the SDK's query, all pages. */
export function rangeSeconds(database: DatabaseSync, messages: number, startNs: bigint): number {
  const page = prepared(database, offsetQuery(true));
  let offset = 0;
  return cpuSecondsOf(() =>
    readPages(messages, () => {
      const rows = page.all({ startNs, endNs: 2n ** 63n - 1n, offset });
      offset += pageRows;
      return rows;
    }),
  );
}

/** The same messages with an index on the time, each page from the last message of the one before. */
export function indexedRangeSeconds(database: DatabaseSync, messages: number, startNs: bigint): number {
  database.exec("CREATE INDEX IF NOT EXISTS by_sent_at ON group_messages(sent_at_ns, id)");
  const page = prepared(
    database,
    `${select} AND (sent_at_ns, group_messages.id) > (:sentAtNs, :id) ORDER BY sent_at_ns, group_messages.id LIMIT ${pageRows}`,
  );
  return cpuSecondsOf(() =>
    readPages(messages, ({ sent_at_ns: sentAtNs = startNs + 1n, id = new Uint8Array() }) =>
      page.all({ sentAtNs: sentAtNs as SQLInputValue, id: id as SQLInputValue }),
    ),
  );
}

function prepared(database: DatabaseSync, query: string): StatementSync {
  const statement = database.prepare(query);
  statement.setReadBigInts(true);
  return statement;
}

type Row = Record<string, unknown>;

function readPages(messages: number, next: (last: Row) => Row[]): void {
  let read = 0;
  for (let rows = next({}); rows.length > 0; rows = next(rows.at(-1) ?? {})) read += rows.length;
  if (read !== messages) throw new Error(`${read} of ${messages} messages were read.`);
}
