import { DatabaseSync } from "node:sqlite";

/** Deletes what MLS keeps of a conversation from a client's database, which is neither encrypted nor open. */
export function loseState(dbPath: string, conversationId: string): void {
  const database = new DatabaseSync(dbPath);
  const { changes } = database
    .prepare("delete from openmls_key_value where instr(hex(key_bytes), ?) > 0")
    .run(conversationId.toUpperCase());
  database.close();
  if (changes === 0) throw new Error(`The database holds no state of ${conversationId}.`);
}
