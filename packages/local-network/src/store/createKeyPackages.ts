import type { DatabaseSync } from "node:sqlite";

/** The newest key package of each installation. */
export type KeyPackages = {
  put(installationKey: Uint8Array, keyPackage: Uint8Array): void;
  get(installationKey: Uint8Array): Uint8Array | undefined;
  count(): number;
};

/** Opens the key packages, none if the database is new. */
export function createKeyPackages(db: DatabaseSync): KeyPackages {
  db.exec(`
    CREATE TABLE IF NOT EXISTS key_packages (
      installation_key BLOB PRIMARY KEY,
      key_package BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
  const put = db.prepare("INSERT OR REPLACE INTO key_packages (installation_key, key_package) VALUES (?, ?)");
  const get = db.prepare("SELECT key_package AS body FROM key_packages WHERE installation_key = ?");
  const count = db.prepare("SELECT count(*) AS count FROM key_packages");
  return {
    put: (installationKey, keyPackage) => void put.run(installationKey, keyPackage),
    get: (installationKey) => get.get(installationKey)?.["body"] as Uint8Array | undefined,
    count: () => Number(count.get()?.["count"]),
  };
}
