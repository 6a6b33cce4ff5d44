import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { openStore } from "./openStore.ts";

const key = Uint8Array.of(1, 2, 3);
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "local-network-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("openStore", () => {
  test("default", () => {
    const store = openStore();
    store.keyPackages.put(key, Uint8Array.of(1));
    expect(openStore().keyPackages.get(key)).toBeUndefined();
  });

  test("parameters: path", () => {
    const path = join(directory, "not", "there", "yet", "network.sqlite");
    const first = openStore(path);
    const id = first.groupMessages.append(key, Uint8Array.of(5));
    first.keyPackages.put(key, Uint8Array.of(6));
    first.addresses.associate("0xAb", "inbox", 1n);
    const fileId = first.files.put(Uint8Array.of(7));
    first.close();

    const second = openStore(path);
    expect(second.groupMessages.newest(key)).toMatchObject({ id, body: Uint8Array.of(5) });
    expect(second.keyPackages.get(key)).toEqual(Uint8Array.of(6));
    expect(second.addresses.inboxIdOf("0xaB")).toBe("inbox");
    expect(second.files.get(fileId)).toEqual(Uint8Array.of(7));
    expect(second.groupMessages.append(key, Uint8Array.of(8))).toBeGreaterThan(id!);
    second.close();
  });

  test("behavior: refuses a file that another network uses", () => {
    const path = join(directory, "network.sqlite");
    const store = openStore(path);
    expect(() => openStore(path)).toThrow(`Can't keep the network in ${path}: database is locked`);
    store.close();
    openStore(path).close();
  });

  test("behavior: refuses a file that is no database", async () => {
    const path = join(directory, "notes.txt");
    await writeFile(path, "this is not a database, and it is long enough to be sure of that");
    expect(() => openStore(path)).toThrow("file is not a database");
  });

  test("behavior: refuses a database of another version", () => {
    const path = join(directory, "network.sqlite");
    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 7");
    db.close();
    expect(() => openStore(path)).toThrow("it has version 7, this network reads version 1");
  });

  test("behavior: refuses a path that is a folder", () => {
    expect(() => openStore(directory)).toThrow("unable to open database file");
  });

  test("behavior: a transaction that throws leaves nothing behind", () => {
    const store = openStore();
    const failing = () =>
      store.transaction(() => {
        store.keyPackages.put(key, Uint8Array.of(1));
        throw new Error("no");
      });
    expect(failing).toThrow("no");
    expect(store.keyPackages.count()).toBe(0);
    expect(store.transaction(() => store.keyPackages.count())).toBe(0);
  });
});
