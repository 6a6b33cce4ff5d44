import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { httpStore, type HttpStoreOptions } from "../src/http/index.ts";
import { inboxes, startArchiveServer } from "./archiveServer.ts";

describe("createArchiveServer", () => {
  let server: Awaited<ReturnType<typeof startArchiveServer>>;
  beforeEach(async () => {
    server = await startArchiveServer({ quotaBytes: 10_000, origins: ["https://app.example.com"] });
  });
  afterEach(() => server.dispose());

  const storeOf = (token: string, options: Partial<HttpStoreOptions> = {}) =>
    httpStore({ url: server.url, retries: 0, credentials: () => ({ Authorization: `Bearer ${token}` }), ...options });

  it("behavior: an inbox sees nothing of another", async () => {
    const [alice, bob] = [storeOf("alice"), storeOf("bob")];
    const id = crypto.randomUUID();
    await alice.put(id, new Blob(["hers"]));
    await alice.putManifest(id, new Uint8Array([1]));
    await expect(bob.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await bob.remove(id);
    expect(await bob.unfinished()).toEqual([]);
    expect(await bob.usage?.()).toMatchObject({ usedBytes: 0 });
    expect(await (await alice.get(id)).text()).toBe("hers");
  });

  it("parameters: quotaBytes: what goes over it is refused as full, and what was there stays", async () => {
    const store = storeOf("alice");
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["x".repeat(6_000)]));
    await expect(store.put(crypto.randomUUID(), new Blob(["x".repeat(6_000)]))).rejects.toMatchObject({ code: "STORE_FULL" });
    expect((await store.get(id)).size).toBe(6_000);
    expect((await store.unfinished()).map((each) => each.id)).toEqual([id]);
  });

  it("parameters: credentials: refused ones are asked for once more", async () => {
    const asked: boolean[] = [];
    const credentials = ({ refresh }: { refresh: boolean }) => {
      asked.push(refresh);
      return { Authorization: `Bearer ${refresh ? "alice" : "expired"}` };
    };
    await storeOf("", { credentials }).open();
    expect(asked).toEqual([false, true]);
    await expect(storeOf("nobody").open()).rejects.toMatchObject({ code: "STORE_UNAUTHENTICATED", retryable: false });
  });

  it("parameters: origins: pages of others may not read", async () => {
    const ask = async (origin: string) =>
      (await fetch(server.url, { method: "OPTIONS", headers: { origin } })).headers.get("access-control-allow-origin");
    expect(await ask("https://app.example.com")).toBe("https://app.example.com");
    expect(await ask("https://evil.example.com")).toBeNull();
  });

  it("behavior: 10,000 archives are listed, each once, in pages", async () => {
    const folder = join(server.directory, inboxes.alice);
    await mkdir(folder, { recursive: true });
    const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID()).sort();
    for (const id of ids) await writeFile(join(folder, `${id}.manifest.json`), id);
    const paths: string[] = [];
    const counting: typeof fetch = (input, init) => {
      paths.push(new URL(input).pathname);
      return fetch(input, init);
    };
    const listed: string[] = [];
    for await (const { id } of storeOf("alice", { fetch: counting }).list()) listed.push(id);
    expect(listed).toEqual(ids);
    expect(paths).toEqual(Array.from({ length: 10 }, () => "/archives"));
  });
});
