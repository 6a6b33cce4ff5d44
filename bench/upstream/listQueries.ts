import type { DatabaseSync } from "node:sqlite";
import { cpuSecondsOf } from "./cpuSecondsOf.ts";

/** The SDK's list: a view with the rank of every message. */
const asItIs = "SELECT id, message_id FROM conversation_list";

/** The same rows, with one look at the index of (group_id, sent_at_ns) for each conversation. */
const lateral = `SELECT g.id AS id, m.id AS message_id FROM groups g LEFT JOIN group_messages m ON m.id = (
    SELECT latest.id FROM group_messages latest
    WHERE latest.group_id = g.id AND latest.kind = 1 AND latest.content_type IN (0, 1, 4, 6, 7, 8, 9, 10)
    ORDER BY latest.sent_at_ns DESC LIMIT 1)
  ORDER BY COALESCE(m.sent_at_ns, g.created_at_ns) DESC`;

/** How long each way to list the conversations takes, in seconds. */
export function listSeconds(database: DatabaseSync): { asItIs: number; lateral: number } {
  const ways = { asItIs: database.prepare(asItIs), lateral: database.prepare(lateral) };
  const [rows, others] = [ways.asItIs.all(), ways.lateral.all()];
  if (JSON.stringify(rows) !== JSON.stringify(others)) throw new Error("The two ways list different conversations.");
  return { asItIs: cpuSecondsOf(() => ways.asItIs.all()), lateral: cpuSecondsOf(() => ways.lateral.all()) };
}
