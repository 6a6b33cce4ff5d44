import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpStore, type HttpStoreOptions } from "../src/http/index.ts";
import { inboxes, startArchiveServer } from "./archiveServer.ts";

const chunkBytes = 64 * 1024;
const bytesOf = (seed: number) => Uint8Array.from({ length: 10 * chunkBytes }, (_, index) => (index * 31 + seed) % 251);

describe("an upload that is made again", () => {
  let server: Awaited<ReturnType<typeof startArchiveServer>>;
  beforeAll(async () => {
    server = await startArchiveServer();
  });
  afterAll(() => server.dispose());

  /** A store as a new process or page has it, and how many chunks it sends; `chunks` of them get through. */
  function newStore(chunks = Infinity, options: Partial<HttpStoreOptions> = {}) {
    const sent = { chunks: 0 };
    const store = httpStore({
      url: server.url,
      chunkBytes,
      retries: 0,
      credentials: () => ({ Authorization: "Bearer alice" }),
      fetch: async (input, init) => {
        if (init?.method === "PATCH" && (sent.chunks += 1) > chunks) throw new TypeError("The network is gone.");
        return fetch(input, init);
      },
      ...options,
    });
    return { store, sent };
  }

  it("behavior: goes on where the process before it was killed", async () => {
    const [id, archive] = [crypto.randomUUID(), bytesOf(1)];
    await expect(newStore(6).store.put(id, new Blob([archive]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    const { store, sent } = newStore();
    const progress: number[] = [];
    await store.put(id, new Blob([archive]), { onProgress: (doneBytes) => progress.push(doneBytes) });
    expect(sent.chunks).toBe(4);
    expect(progress[0]).toBe(7 * chunkBytes);
    expect(await holds(store.get(id), archive)).toBe(true);
  });

  it("behavior: other bytes of the same id begin anew", async () => {
    const [id, archive] = [crypto.randomUUID(), bytesOf(3)];
    await expect(newStore(6).store.put(id, new Blob([bytesOf(2)]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const { store, sent } = newStore();
    await store.put(id, new Blob([archive]));
    expect(sent.chunks).toBe(10);
    expect(await holds(store.get(id), archive)).toBe(true);
  });

  it("behavior: another upload of other bytes that came as far in between is not gone on with", async () => {
    const [id, archive] = [crypto.randomUUID(), bytesOf(4)];
    const other = newStore(6).store;
    let chunks = 0;
    const meddled: typeof fetch = async (input, init) => {
      if (init?.method === "PATCH" && (chunks += 1) === 7)
        await expect(other.put(id, new Blob([bytesOf(5)]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      return fetch(input, init);
    };
    const { store } = newStore(Infinity, { retries: 1, retryDelayMs: 1, fetch: meddled });
    await store.put(id, new Blob([archive]));
    expect(chunks).toBe(17);
    expect(await holds(store.get(id), archive)).toBe(true);
  });

  it("behavior: one whose note on the server names another size is no upload of this archive, and begins anew", async () => {
    const [id, archive] = [crypto.randomUUID(), bytesOf(8)];
    await expect(newStore(6).store.put(id, new Blob([archive]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const folder = join(server.directory, inboxes.alice);
    const note = (await readdir(folder)).find((name) => name.startsWith(id) && name.endsWith(".part.json")) ?? "";
    await writeFile(join(folder, note), JSON.stringify({ size: 6 * chunkBytes }));
    const { store } = newStore();
    await store.put(id, new Blob([archive]));
    expect(await holds(store.get(id), archive)).toBe(true);
  });

  it("behavior: one that the server had whole, but not yet as an archive, is finished", async () => {
    const [id, archive] = [crypto.randomUUID(), bytesOf(6)];
    await newStore().store.put(id, new Blob([archive]));
    const folder = join(server.directory, inboxes.alice);
    const note = (await readdir(folder)).find((name) => name.startsWith(id) && name.endsWith(".part.json")) ?? "";
    await rename(join(folder, `${id}.xmtp`), join(folder, note.replace(/\.json$/, "")));
    const { store, sent } = newStore();
    await expect(store.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await store.put(id, new Blob([archive]));
    expect(sent.chunks).toBe(0);
    expect(await holds(store.get(id), archive)).toBe(true);
  });

  it("behavior: the same bytes of a listed archive are refused like others", async () => {
    const [id, archive] = [crypto.randomUUID(), new Blob([bytesOf(7)])];
    const { store } = newStore();
    await store.put(id, archive);
    await store.putManifest(id, new Uint8Array([1]));
    await expect(store.put(id, archive)).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect((await readdir(join(server.directory, inboxes.alice))).filter((name) => name.startsWith(id)).sort()).toEqual([
      `${id}.manifest.json`,
      `${id}.xmtp`,
    ]);
  });
});

async function holds(blob: Promise<Blob>, bytes: Uint8Array): Promise<boolean> {
  return Buffer.compare(Buffer.from(await (await blob).arrayBuffer()), bytes) === 0;
}
