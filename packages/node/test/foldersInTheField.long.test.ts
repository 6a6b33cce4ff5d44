import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveStore, generateArchiveKey } from "@xmtp-backup/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fileJournal } from "../src/state/fileJournal.ts";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { whileHeldElsewhere } from "../../../test/files/whileHeldElsewhere.ts";
import { refuseFlushes } from "../../../test/files/refuseFlushes.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const text = (words: string) => new TextEncoder().encode(words);

describe("a folder as it is in the field", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: ArchiveStore;
  beforeEach(async () => {
    folder = await temporaryFolder();
    store = fileStore({ directory: join(folder.path, "archives") });
    await store.open();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await folder.dispose();
  });

  const files = () => readdir(join(folder.path, "archives"));

  /** One of each change that a store, its documents, the notes and the keys can be given. */
  async function changeEverything(): Promise<void> {
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["archive"]));
    await store.putManifest(id, text("{}"));
    await store.putManifest(id, text('{"name":"other"}'));
    await store.putDocument?.("key-ring", text("first"), { replaces: undefined });
    await store.putDocument?.("key-ring", text("second"), { replaces: (await store.getDocument?.("key-ring"))?.revision });
    await store.remove(id);
    const journal = fileJournal({ directory: join(folder.path, "state") });
    await journal.write("task", { stage: "storing" });
    await journal.remove("task");
    await fileKeys({ path: join(folder.path, "keys", "archive-keys") }).add(generateArchiveKey());
    expect(await files()).toEqual(["key-ring.json"]);
    expect(await readFile(join(folder.path, "archives", "key-ring.json"), "utf8")).toBe("second");
    expect(await readdir(join(folder.path, "state"))).toEqual([]);
    expect(await fileKeys({ path: join(folder.path, "keys", "archive-keys") }).load()).toHaveLength(1);
  }

  it.each(["EINVAL", "ENOTSUP", "ENOSYS", "EBADF", "EACCES", "EPERM", "EIO"])(
    "behavior: a folder that answers %s when it is flushed keeps everything",
    async (code) => {
      const { refused } = await refuseFlushes("folders", code);
      await changeEverything();
      expect(refused()).toBeGreaterThan(5);
    },
  );

  it("behavior: a file that can't be flushed is not stored, and what was there stays", async () => {
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["archive"]));
    await store.putManifest(id, text("{}"));
    const before = await files();
    await refuseFlushes("files", "EIO");
    await expect(store.put(crypto.randomUUID(), new Blob(["archive"]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(store.putManifest(id, text('{"name":"other"}'))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(await files()).toEqual(before);
    expect(await readFile(join(folder.path, "archives", `${id}.manifest.json`), "utf8")).toBe("{}");
  });

  it.each(["EPERM", "EACCES", "EBUSY"])(
    "behavior: a file that another program holds for an instant (%s) is replaced and removed all the same",
    async (code) => {
      expect(await whileHeldElsewhere({ call: "rename", code, times: 1 }, changeEverything)).toBeGreaterThan(4);
      expect(await whileHeldElsewhere({ call: "unlink", code, times: 2 }, changeAgain)).toBeGreaterThan(1);
    },
  );

  /** Changes that delete something; the document is there by now. */
  async function changeAgain(): Promise<void> {
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["archive"]));
    await store.putManifest(id, text("{}"));
    await store.remove(id);
    expect(await files()).toEqual(["key-ring.json"]);
  }

  it("behavior: a file that stays held is an error that time can heal, and what was there stays", async () => {
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["archive"]));
    await store.putManifest(id, text("{}"));
    const before = await files();
    await whileHeldElsewhere({ call: "rename", code: "EPERM", times: Infinity }, async () => {
      await expect(store.putManifest(id, text('{"name":"other"}'))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    });
    await whileHeldElsewhere({ call: "unlink", code: "EACCES", times: Infinity }, async () => {
      await expect(store.remove(id)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    });
    expect(await files()).toEqual(before);
  });
});
