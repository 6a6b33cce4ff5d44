import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { refuseFlushes } from "../../../test/files/refuseFlushes.ts";
import { whileHeldElsewhere } from "../../../test/files/whileHeldElsewhere.ts";
import { fingerprint, tus, serverFolder } from "./serverFolder.ts";

describe("createArchiveServer, its files", () => {
  const { start, folder, files } = serverFolder();

  describe("the note of an upload that can't be read", () => {
    it.each<[string, (note: string) => Promise<void>]>([
      ["empty", (note) => writeFile(note, "")],
      ["cut", (note) => writeFile(note, '{"size":3,"meta')],
      ["zeros", (note) => writeFile(note, Buffer.alloc(512))],
      ["null", (note) => writeFile(note, "null")],
      ["a size that is none", (note) => writeFile(note, '{"size":"3"}')],
      ["a size below zero", (note) => writeFile(note, '{"size":-3}')],
      ["gone", (note) => rm(note)],
      ["endless", (note) => writeFile(note, `{"size":3,"more":"${"x".repeat(1024 * 1024)}"}`)],
      [
        "a folder",
        async (note) => {
          await rm(note);
          await mkdir(note);
        },
      ],
      [
        "a link",
        async (note) => {
          await rm(note);
          await symlink(join(note, "..", "elsewhere"), note);
        },
      ],
    ])("behavior: %s: the inbox works, before and after a restart, and the archive goes up again", async (_title, damage) => {
      const first = await start();
      const [id, other] = [crypto.randomUUID(), crypto.randomUUID()];
      expect(await first.begin(id, 3)).toBe(201);
      expect((await first.send(id, 0, "a")).status).toBe(204);
      await damage(join(folder(), `${id}.${fingerprint}.part.json`));
      for (const server of [first, await start()]) {
        const store = server.storeOf("alice");
        await store.open();
        await store.usage?.();
        await store.put(other, new Blob(["others"]));
        await store.remove(other);
        expect((await server.ask("HEAD", `/uploads/${id}/${fingerprint}`, tus)).status).toBe(404);
        expect((await server.send(id, 1, "bc")).status).toBe(404);
        expect((await store.unfinished()).map((each) => each.id)).toEqual([id]);
      }
      const store = first.storeOf("alice");
      await store.put(id, new Blob(["abc"]));
      expect(await (await store.get(id)).text()).toBe("abc");
      await store.remove(id);
      expect(await files()).toEqual([]);
    });

    it("behavior: what such an upload left is removed, and its room given back", async () => {
      const server = await start({ quotaBytes: 10_000 });
      const id = crypto.randomUUID();
      await server.begin(id, 9_000);
      await writeFile(join(folder(), `${id}.${fingerprint}.part.json`), "");
      const store = server.storeOf("alice");
      await store.remove(id);
      expect([await files(), await store.usage?.()]).toEqual([[], { usedBytes: 0, totalBytes: 10_000 }]);
    });

    it("behavior: a note alone, which a crash left, is reported as unfinished and can be removed", async () => {
      const server = await start();
      const id = crypto.randomUUID();
      await mkdir(folder(), { recursive: true });
      await writeFile(join(folder(), `${id}.${fingerprint}.part.json`), "");
      const store = server.storeOf("alice");
      expect((await store.unfinished()).map((each) => each.id)).toEqual([id]);
      await store.remove(id);
      expect(await files()).toEqual([]);
    });

    it("behavior: a note as an earlier version wrote it is gone on from", async () => {
      const server = await start();
      const id = crypto.randomUUID();
      await mkdir(folder(), { recursive: true });
      await writeFile(join(folder(), `${id}.${fingerprint}.part`), "a");
      await writeFile(
        join(folder(), `${id}.${fingerprint}.part.json`),
        JSON.stringify({ id: "x", size: 3, offset: 0, metadata: { archive: id, fingerprint }, creation_date: "2026-01-01T00:00:00.000Z" }),
      );
      expect((await server.send(id, 1, "bc")).status).toBe(204);
      expect(await (await server.storeOf("alice").get(id)).text()).toBe("abc");
    });
  });

  describe("a disk as it is in the field", () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    /** One of each change that an inbox can ask for. */
    async function changeEverything(): Promise<void> {
      const store = (await start()).storeOf("alice");
      const id = crypto.randomUUID();
      await store.put(id, new Blob(["abc"]));
      await store.putManifest(id, new Uint8Array([1]));
      await store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: undefined });
      expect(await (await store.get(id)).text()).toBe("abc");
      await store.remove(id);
      expect(await files()).toEqual(["key-ring.json"]);
    }

    it("behavior: a folder that can't be flushed keeps everything", async () => {
      const { refused } = await refuseFlushes("folders", "EINVAL");
      await changeEverything();
      expect(refused()).toBeGreaterThan(2);
    });

    it("behavior: a file that can't be flushed is not stored", async () => {
      const store = (await start()).storeOf("alice");
      await refuseFlushes("files", "EIO");
      await expect(store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: undefined })).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
      });
      expect(await files()).toEqual([]);
    });

    it("behavior: a file that another program holds for an instant is replaced all the same", async () => {
      expect(await whileHeldElsewhere({ call: "rename", code: "EPERM", times: 2 }, changeEverything)).toBeGreaterThan(4);
    });
  });

  describe("a folder in the place of a file", () => {
    /** What no server makes: somebody did by hand, or a disk that was repaired. */
    const spoil = async (name: string) => {
      await rm(join(folder(), name), { force: true });
      await mkdir(join(folder(), name, "more"), { recursive: true });
    };

    it("behavior: a manifest and a document are stored in its place", async () => {
      const server = await start();
      const [store, id] = [server.storeOf("alice"), crypto.randomUUID()];
      await store.put(id, new Blob(["abc"]));
      await spoil(`${id}.manifest.json`);
      await spoil("key-ring.json");
      await store.putManifest(id, new Uint8Array([1]));
      await store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: undefined });
      expect((await store.getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([2]));
      expect(await files()).toEqual([`${id}.manifest.json`, `${id}.xmtp`, "key-ring.json"]);
    });

    it("behavior: an upload that ends becomes the archive", async () => {
      const server = await start();
      const id = crypto.randomUUID();
      await server.begin(id, 3);
      await spoil(`${id}.xmtp`);
      expect((await server.send(id, 0, "abc")).status).toBe(204);
      expect(await (await server.storeOf("alice").get(id)).text()).toBe("abc");
    });
  });
});
