import type { DatabaseSync } from "node:sqlite";

/** Which inbox an address belongs to, and since when. Addresses are compared in lower case. */
export type Addresses = {
  /** Notes that the update with this sequence id joined the address to the inbox. */
  associate(address: string, inboxId: string, sequenceId: bigint): void;
  /** Notes that the inbox gave up the address. */
  revoke(address: string, inboxId: string): void;
  /** The inbox that got the address last and still has it. */
  inboxIdOf(address: string): string | undefined;
};

/** Opens the address book, empty if the database is new. */
export function createAddresses(db: DatabaseSync): Addresses {
  db.exec(`
    CREATE TABLE IF NOT EXISTS addresses (
      address TEXT NOT NULL,
      inbox_id TEXT NOT NULL,
      sequence_id INTEGER NOT NULL,
      PRIMARY KEY (address, inbox_id)
    ) STRICT, WITHOUT ROWID;
  `);
  const associate = db.prepare("INSERT OR REPLACE INTO addresses (address, inbox_id, sequence_id) VALUES (?, ?, ?)");
  const revoke = db.prepare("DELETE FROM addresses WHERE address = ? AND inbox_id = ?");
  const newest = db.prepare("SELECT inbox_id FROM addresses WHERE address = ? ORDER BY sequence_id DESC LIMIT 1");
  return {
    associate: (address, inboxId, sequenceId) => void associate.run(address.toLowerCase(), inboxId, sequenceId),
    revoke: (address, inboxId) => void revoke.run(address.toLowerCase(), inboxId),
    inboxIdOf: (address) => newest.get(address.toLowerCase())?.["inbox_id"] as string | undefined,
  };
}
