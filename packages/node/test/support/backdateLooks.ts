import { DatabaseSync } from "node:sqlite";

/**
 * Lets the last look for new installations lie further back, in every conversation of a closed client with an unencrypted database.
 *
 * It is the one way to see what happens after half an hour without waiting for it.
 */
export function backdateLooks(dbPath: string, minutes: number): void {
  const database = new DatabaseSync(dbPath);
  database.exec(`UPDATE groups SET installations_last_checked = installations_last_checked - ${minutes}*60*1000000000`);
  database.close();
}
