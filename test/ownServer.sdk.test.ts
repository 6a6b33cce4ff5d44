import { appendFile, readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveStore, createBackups } from "@xmtp-backup/core";
import { generateRecoveryPhrase, keyRing, recoveryPhrase } from "@xmtp-backup/keys";
import { fileStore, nodeHost } from "@xmtp-backup/node";
import { httpStore, type HttpStoreOptions } from "@xmtp-backup/stores/http";
import { memoryKeys } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupTexts, textsOf } from "../packages/node/test/support/chat.ts";
import { startTalk, type Talk } from "../packages/node/test/support/talk.ts";
import { startArchiveServer } from "../packages/stores/test/archiveServer.ts";
import { cuttingProxy } from "../packages/stores/test/faults/cuttingProxy.ts";

describe("an app's own server, with the real SDK", () => {
  let talk: Talk;
  let server: Awaited<ReturnType<typeof startArchiveServer>>;
  beforeAll(async () => {
    talk = await startTalk();
    server = await startArchiveServer({ authenticate: (request) => request.headers.get("x-inbox") ?? undefined });
  });
  afterAll(() => Promise.all([talk.world.dispose(), server.dispose()]));

  /** A user's place on the server, new and empty. */
  function newPlace() {
    const inbox = crypto.randomUUID();
    const storeOf = (options: Partial<HttpStoreOptions> = {}) =>
      httpStore({
        url: server.url,
        chunkBytes: 1_024,
        retries: 20,
        retryDelayMs: 1,
        credentials: () => ({ "X-Inbox": inbox }),
        ...options,
      });
    return { storeOf, directory: join(server.directory, inbox) };
  }

  /** Backups with a key ring beside the archives; `words` open it on a new device. */
  async function openBackups(client: Parameters<typeof nodeHost>[0], store: ArchiveStore, words: string) {
    const keys = keyRing({ store, cache: memoryKeys() });
    if (await store.getDocument?.("key-ring")) await keys.open(recoveryPhrase(words));
    else await keys.addSlot(recoveryPhrase(words));
    return createBackups({ host: nodeHost(client), store, keys });
  }

  it("default: a backup while connections are cut is restored on a new installation with a phrase alone", async () => {
    const { storeOf } = newPlace();
    const words = generateRecoveryPhrase();
    const proxy = await cuttingProxy(server.url, 7, 6_000);
    try {
      const backups = await openBackups(talk.phone, storeOf({ url: proxy.url }), words);
      await backups.backup({ name: "Before the new phone" }).result;
      expect(proxy.cuts()).toBeGreaterThan(3);
    } finally {
      await proxy.close();
    }
    const phone = await talk.world.open(talk.alice);
    const backups = await openBackups(phone, storeOf(), words);
    const [entry, ...others] = await backups.list();
    expect([entry?.details?.name, entry?.details?.counts.messages, others]).toEqual(["Before the new phone", 4, []]);
    if (entry) await backups.restore(entry).result;
    expect(await textsOf(phone, talk.group.id)).toEqual(expect.arrayContaining([...groupTexts]));
  });

  it("behavior: the server's folder of an inbox is one that fileStore reads, ring and all", async () => {
    const { storeOf, directory } = newPlace();
    const words = generateRecoveryPhrase();
    const { entry } = await (await openBackups(talk.phone, storeOf(), words)).backup({ name: "On the server" }).result;
    expect((await readdir(directory)).sort()).toEqual([`${entry.id}.manifest.json`, `${entry.id}.xmtp`, "key-ring.json"].sort());
    const backups = await openBackups(talk.phone, fileStore({ directory, create: false }), words);
    expect((await backups.list()).map(({ details }) => details?.name)).toEqual(["On the server"]);
    expect((await backups.verify(entry.id)).details?.counts.messages).toBe(4);
    await (await openBackups(talk.phone, fileStore({ directory }), words)).backup({ name: "In the folder" }).result;
    expect((await (await openBackups(talk.phone, storeOf(), words)).list()).map(({ details }) => details?.name).sort()).toEqual([
      "In the folder",
      "On the server",
    ]);
  });

  it("behavior: what a task downloads is a temporary file of the host until the task ends", async () => {
    const { storeOf } = newPlace();
    const [store, host] = [storeOf(), nodeHost(talk.phone)];
    const files = new Set<Blob>();
    const spooled: number[] = [];
    const watched: ArchiveStore = {
      ...store,
      async get(id, options) {
        const blob = await store.get(id, options);
        expect(files.has(blob)).toBe(true);
        spooled.push(blob.size);
        return blob;
      },
    };
    const spool: typeof host.spool = async (bytes, options) => {
      const { blob, release } = await host.spool(bytes, options);
      files.add(blob);
      return { blob, release: () => release().then(() => void files.delete(blob)) };
    };
    const backups = createBackups({ host: { ...host, spool }, store: watched, keys: memoryKeys() });
    const { entry } = await backups.backup().result;
    await backups.verify(entry.id);
    await backups.inspect(entry);
    expect([spooled, files.size]).toEqual([[entry.sizeBytes, entry.sizeBytes, entry.sizeBytes], 0]);
    await backups.restore(entry).result;
    expect([spooled.length, files.size]).toEqual([4, 0]);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ["less", (path) => truncate(path, 100)],
    ["more", (path) => appendFile(path, "x")],
  ])("behavior: a server that answers 'stored' and kept %s is caught by confirming", async (_title, spoil) => {
    const { storeOf, directory } = newPlace();
    const store = storeOf();
    const careless: ArchiveStore = {
      ...store,
      async put(id, archive, options) {
        await store.put(id, archive, options);
        await spoil(join(directory, `${id}.xmtp`));
      },
    };
    const backups = await openBackups(talk.phone, careless, generateRecoveryPhrase());
    await expect(backups.backup().result).rejects.toMatchObject({ code: "STORE_MISMATCH" });
    expect(await backups.list()).toEqual([]);
    expect(await readdir(directory)).toEqual(["key-ring.json"]);
  });
});
