import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { databasePathOf } from "../src/host/databasePathOf.ts";
import { openClients } from "./support/openClients.ts";

const clients = await openClients();
afterAll(() => clients.dispose());

/** How an export asks for a page of messages, as the SDK's public source has it. */
const page = `SELECT * FROM group_messages LEFT JOIN groups ON groups.id = group_messages.group_id
  WHERE groups.conversation_type IN (1, 2) AND kind = 1 AND sent_at_ns > ? AND sent_at_ns <= ? AND (expire_at_ns IS NULL OR expire_at_ns > ?)
  ORDER BY group_messages.id LIMIT 100 OFFSET ?`;

async function openTables(): Promise<DatabaseSync> {
  const client = await clients.open(clients.createSigner(), { encrypted: false });
  return new DatabaseSync(databasePathOf(client) ?? "", { readOnly: true });
}

describe("the SDK's tables", () => {
  it("behavior: a page of an export visits messages in the order of their ids, whatever the range", async () => {
    const tables = await openTables();
    const steps = tables.prepare(`EXPLAIN QUERY PLAN ${page}`).all(0, 1, 0, 0) as { detail: string }[];
    tables.close();
    // No step goes by the sent time, and none sorts: the scan itself gives the order.
    expect(steps.map(({ detail }) => detail)).toEqual([
      "SCAN group_messages USING INDEX sqlite_autoindex_group_messages_1",
      expect.stringMatching(/^SEARCH groups USING INDEX sqlite_autoindex_groups_1/u),
    ]);
  });

  it("behavior: no index of messages begins with the sent time", async () => {
    const tables = await openTables();
    const indexes = tables.prepare("SELECT name FROM pragma_index_list('group_messages')").all() as { name: string }[];
    const columns = tables.prepare("SELECT name FROM pragma_index_info(?) ORDER BY seqno LIMIT 1");
    const first = indexes.map(({ name }) => columns.get(name)?.["name"]);
    tables.close();
    expect(first.length).toBeGreaterThan(1);
    expect(first).not.toContain("sent_at_ns");
  });
});
