import type { ArchiveStore } from "@xmtp-backup/core";
import { archiveStoreContract, runContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { afterEach, describe, expect, it } from "vitest";
import { googleDriveStore, type GoogleDriveStoreOptions } from "../src/google-drive/index.ts";
import { startDriveServer } from "./drive/driveServer.ts";
import { storeFaults } from "./faults/storeFaults.ts";

const servers: Awaited<ReturnType<typeof startDriveServer>>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
async function newServer() {
  const server = await startDriveServer();
  servers.push(server);
  return server;
}

const storeAt = (url: string, options: Partial<GoogleDriveStoreOptions> = {}) =>
  googleDriveStore({ url, retries: 0, chunkBytes: 256 * 1024, token: () => "good", ...options });

const setUp = async () => {
  const { url } = await newServer();
  const reopen = () => storeAt(url);
  return { store: reopen(), reopen };
};

runContract("googleDriveStore", archiveStoreContract(setUp), { describe, it });
runContract("googleDriveStore's documents", storeDocumentsContract(setUp), { describe, it });
runContract(
  "googleDriveStore, when things fail",
  storeFaults(
    async () => {
      const server = await newServer();
      return { url: server.url, open: (url, timeoutMs = 5_000) => storeAt(url, { timeoutMs, retries: 8, retryDelayMs: 1 }) };
    },
    { cutAfterBytes: 1_000_000 },
  ),
  { describe, it },
);

async function idsOf(store: ArchiveStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.list()) ids.push(id);
  return ids;
}

/** Answers every request with an error of Drive's. */
const refusing =
  (status: number, reason: string): typeof fetch =>
  async () =>
    Response.json({ error: { code: status, errors: [{ reason, message: "secret of the server" }] } }, { status });

describe("googleDriveStore", () => {
  it("parameters: token: one that expired is replaced, one that is refused again told as that", async () => {
    const { url } = await newServer();
    await storeAt(url, { token: ({ refresh }) => (refresh ? "good" : "expired") }).open();
    await expect(storeAt(url, { token: () => "bad" }).open()).rejects.toMatchObject({ code: "STORE_UNAUTHENTICATED" });
  });

  it("parameters: prefix: keeps inboxes apart", async () => {
    const { url } = await newServer();
    const [alice, bob] = [storeAt(url, { prefix: "alice-" }), storeAt(url, { prefix: "bob-" })];
    const id = crypto.randomUUID();
    await alice.put(id, new Blob(["hers"]));
    await alice.putManifest(id, new Uint8Array([1]));
    expect(await idsOf(alice)).toEqual([id]);
    expect(await idsOf(bob)).toEqual([]);
    await expect(bob.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
  });

  it("parameters: chunkBytes and prefix: others than Drive takes are refused", () => {
    expect(() => storeAt("https://www.googleapis.com", { chunkBytes: 1_000 })).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }),
    );
    expect(() => storeAt("https://www.googleapis.com", { prefix: "it's" })).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  });

  it.each([
    [403, "rateLimitExceeded", "STORE_UNAVAILABLE", true],
    [403, "constructor", "STORE_DENIED", false],
    [403, "storageQuotaExceeded", "STORE_FULL", false],
    [403, "insufficientPermissions", "STORE_DENIED", false],
    [401, "authError", "STORE_UNAUTHENTICATED", false],
  ])("behavior: the answer %i %s is %s", async (status, reason, code, retryable) => {
    const failure = await storeAt("https://www.googleapis.com", { fetch: refusing(status, reason) })
      .open()
      .catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code, ...(retryable && { retryable }) });
    expect(JSON.stringify(failure) + String(failure)).not.toContain("secret");
  });

  it("behavior: a full Drive is told as that, and keeps what was there", async () => {
    const { url, state } = await newServer();
    const store = storeAt(url);
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["fits"]));
    state.limitBytes = 10;
    await expect(store.put(crypto.randomUUID(), new Blob(["x".repeat(20)]))).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(await (await store.get(id)).text()).toBe("fits");
  });

  it("default: usage: is unknown where the account has no limit", async () => {
    const { url, state } = await newServer();
    state.limitBytes = undefined;
    expect(await storeAt(url).usage?.()).toBeUndefined();
  });

  it("behavior: two files of one name are one archive and one manifest, and go together", async () => {
    const { url, state } = await newServer();
    const store = storeAt(url);
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["newest"]));
    await store.putManifest(id, new Uint8Array([1]));
    for (const file of [...state.files.values()])
      state.files.set(`${file.id}-twin`, {
        ...file,
        id: `${file.id}-twin`,
        createdTime: file.name.endsWith(".xmtp") ? "2020" : "2030",
        bytes: Buffer.from("twin"),
      });
    expect(await idsOf(store)).toEqual([id]);
    expect(await (await store.get(id)).text()).toBe("newest");
    for await (const { manifest } of store.list()) expect(manifest).toEqual(new Uint8Array([1]));
    await store.putManifest(id, new Uint8Array([2]));
    expect([...state.files.values()].filter(({ name }) => name.endsWith(".json"))).toHaveLength(1);
    await store.remove(id);
    expect(state.files.size).toBe(0);
  });

  it("behavior: of two documents made in the same moment the earlier is kept, and the other device told", async () => {
    const { url, state } = await newServer();
    // Another device makes its own between this one's look and its write.
    const racing: typeof fetch = async (input, init) => {
      if (init?.method === "POST")
        state.files.set("other", {
          id: "other",
          name: "key-ring.json",
          createdTime: "2020-01-01T00:00:00Z",
          modifiedTime: "2020-01-01T00:00:00Z",
          bytes: Buffer.from([1]),
        });
      return fetch(input, init);
    };
    await expect(
      storeAt(url, { fetch: racing }).putDocument?.("key-ring", new Uint8Array([2]), { replaces: undefined }),
    ).rejects.toMatchObject({ code: "STORE_CONFLICT" });
    expect([...state.files.keys()]).toEqual(["other"]);
    expect((await storeAt(url).getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([1]));
  });

  it("behavior: an upload that Drive has forgotten begins anew", async () => {
    const { url } = await newServer();
    let isForgotten = false;
    const forgetting: typeof fetch = async (input, init) => {
      if (init?.method !== "PUT" || isForgotten) return fetch(input, init);
      isForgotten = true;
      return new Response(null, { status: 410 });
    };
    const store = storeAt(url, { fetch: forgetting });
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["x".repeat(600_000)]));
    expect([isForgotten, (await store.get(id)).size]).toEqual([true, 600_000]);
  });

  it("behavior: 10,000 archives are listed, each once, in pages", async () => {
    const { url, state } = await newServer();
    const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID()).sort();
    for (const id of ids)
      state.files.set(id, {
        id,
        name: `${id}.manifest.json`,
        createdTime: "2026-01-01T00:00:00Z",
        modifiedTime: "2026-01-01T00:00:00Z",
        bytes: Buffer.from(id),
      });
    // The server lists; ten thousand requests for manifests would only show how fast it is.
    const short: typeof fetch = async (input, init) =>
      new Request(input).url.endsWith("alt=media") ? new Response("a manifest") : fetch(input, init);
    expect((await idsOf(storeAt(url, { fetch: short }))).sort()).toEqual(ids);
    expect(state.pageSizes).toEqual(Array.from({ length: 10 }, () => 1_000));
  });
});
