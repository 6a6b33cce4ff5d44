/** An IndexedDB database with one table of values under names. */
export type KeyValueDatabase = {
  get(name: string): Promise<unknown>;
  /** Replaces a value by what `change` makes of it, in one step that no other tab can come between; `undefined` removes it. */
  change(name: string, change: (value: unknown) => unknown): Promise<void>;
};

const tableName = "values";

/**
 * Opens the database for each call and closes it again. A connection that stays open would hold up its deletion, and keep the page out of
 * the browser's back-and-forward cache.
 *
 * A change is on disk before it resolves, where the browser can promise that.
 */
export function keyValueDatabase(databaseName: string): KeyValueDatabase {
  async function inTransaction<T>(mode: IDBTransactionMode, run: (table: IDBObjectStore, resolve: (value: T) => void) => void): Promise<T> {
    const database = await open(databaseName);
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = database.transaction(tableName, mode, { durability: "strict" });
        let answer: T;
        transaction.oncomplete = () => resolve(answer);
        transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was ended."));
        run(transaction.objectStore(tableName), (value) => (answer = value));
      });
    } finally {
      database.close();
    }
  }

  return {
    get: (name) =>
      inTransaction<unknown>("readonly", (table, resolve) => {
        const request = table.get(name);
        request.onsuccess = () => resolve(request.result);
      }),
    change: (name, change) =>
      inTransaction<void>("readwrite", (table) => {
        const request = table.get(name);
        request.onsuccess = () => {
          const value = change(request.result);
          if (value === undefined) table.delete(name);
          else table.put(value, name);
        };
      }),
  };
}

async function open(databaseName: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(tableName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The database can't be opened."));
  });
}
