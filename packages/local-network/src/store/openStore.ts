import { type Addresses, createAddresses } from "./createAddresses.ts";
import { createFiles, type Files } from "./createFiles.ts";
import { createKeyPackages, type KeyPackages } from "./createKeyPackages.ts";
import { createLog, type Log } from "./createLog.ts";
import { openDatabase } from "./openDatabase.ts";

/** Everything a network remembers. */
export type Store = {
  groupMessages: Log;
  welcomeMessages: Log;
  commitLog: Log;
  identityUpdates: Log;
  keyPackages: KeyPackages;
  addresses: Addresses;
  files: Files;
  /** Runs the work and keeps all of what it wrote, or nothing if it throws. */
  transaction<T>(work: () => T): T;
  close(): void;
};

/** Opens the store in that SQLite file, in memory if there is none. */
export function openStore(path?: string): Store {
  const db = openDatabase(path);
  return {
    groupMessages: createLog(db, "group_messages"),
    welcomeMessages: createLog(db, "welcome_messages"),
    commitLog: createLog(db, "commit_log"),
    identityUpdates: createLog(db, "identity_updates"),
    keyPackages: createKeyPackages(db),
    addresses: createAddresses(db),
    files: createFiles(db),
    transaction(work) {
      db.exec("BEGIN");
      try {
        const result = work();
        db.exec("COMMIT");
        return result;
      } catch (error) {
        db.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => db.close(),
  };
}
