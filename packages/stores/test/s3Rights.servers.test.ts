import { generateRecoveryPhrase, keyRing, recoveryPhrase } from "@xmtp-backup/keys";
import { archiveStoreContract, memoryKeys, runContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Store, type S3StoreOptions } from "../src/s3/index.ts";
import { type Front, hidingMissing, refusing, s3Error } from "./s3/fronts.ts";
import { accessKey, startS3Server } from "./s3/s3Server.ts";

let server: Awaited<ReturnType<typeof startS3Server>>;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server.dispose());

/** Details that hold these words. */
const naming = (words: string): unknown => expect.stringContaining(words);
const newPrefix = () => `inboxes/${crypto.randomUUID()}/`;
const storeAt = (options: Partial<S3StoreOptions>) =>
  s3Store({ url: server.url, retries: 0, partBytes: 256 * 1024, credentials: accessKey, prefix: newPrefix(), ...options });

/** A store whose access key is held to its prefix. */
const heldTo = (isListable: (asked: string, prefix: string) => boolean) => async () => {
  const prefix = newPrefix();
  const reopen = () => storeAt({ prefix, fetch: hidingMissing((asked) => isListable(asked, prefix)) });
  return { store: reopen(), reopen };
};
const belowPrefix = heldTo((asked, prefix) => asked.startsWith(prefix));
const prefixAlone = heldTo((asked, prefix) => asked === prefix);

runContract("s3Store with an access key that may list what lies below its prefix", archiveStoreContract(belowPrefix, { usage: false }), {
  describe,
  it,
});
runContract("documents of s3Store with an access key that may list what lies below its prefix", storeDocumentsContract(belowPrefix), {
  describe,
  it,
});
runContract(
  "documents of s3Store with an access key that may list its prefix as such, and nothing longer",
  storeDocumentsContract(prefixAlone),
  { describe, it },
);

/** What is missing is 403, and no list may be read. */
const unlistable = (): Front => hidingMissing(() => false);

describe("s3Store with an access key that may not list", () => {
  const calls: Record<string, (store: ReturnType<typeof storeAt>) => Promise<unknown>> = {
    open: (store) => store.open(),
    getDocument: (store) => store.getDocument!("key-ring"),
    putDocument: (store) => store.putDocument!("key-ring", new Uint8Array([1]), { replaces: undefined }),
    put: (store) => store.put(crypto.randomUUID(), new Blob(["x"])),
    "put in parts": (store) => store.put(crypto.randomUUID(), new Blob([new Uint8Array(600_000)])),
    get: (store) => store.get(crypto.randomUUID()),
    sizeOf: (store) => store.sizeOf!(crypto.randomUUID()),
    unfinished: (store) => store.unfinished(),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`behavior: ${name}: what is not known to be missing is STORE_DENIED, and names the right`, async () => {
      const prefix = newPrefix();
      const store = storeAt({ prefix, fetch: unlistable() });
      await expect(call(store)).rejects.toMatchObject({ code: "STORE_DENIED", details: naming("s3:ListBucket") });
    });
  }

  it("behavior: a key ring that can't be looked for is not made again", async () => {
    const prefix = newPrefix();
    const phrase = recoveryPhrase(generateRecoveryPhrase());
    await keyRing({ store: storeAt({ prefix }), cache: memoryKeys() }).addSlot(phrase);
    const before = (await storeAt({ prefix }).getDocument?.("key-ring"))?.bytes;
    // It may not be read, and not be listed.
    const blind = refusing(({ method, query }) => (method === "GET" || query.has("list-type") ? s3Error(403, "AccessDenied") : undefined));
    const keys = keyRing({ store: storeAt({ prefix, fetch: blind }), cache: memoryKeys() });
    await expect(keys.addSlot(phrase)).rejects.toMatchObject({ code: "STORE_DENIED" });
    expect((await storeAt({ prefix }).getDocument?.("key-ring"))?.bytes).toEqual(before);
  });
});

describe("s3Store with an access key that may list its prefix as such, and nothing longer", () => {
  it("behavior: what is missing is found missing", async () => {
    const { store } = await prefixAlone();
    const id = crypto.randomUUID();
    await expect(store.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await expect(store.sizeOf?.(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await store.put(id, new Blob([new Uint8Array(600_000)]));
    expect(await store.sizeOf?.(id)).toBe(600_000);
  });
});

describe("s3Store with an access key that lacks a right", () => {
  /** A store below which one kind of request is refused. */
  const lacking = (prefix: string, isRefused: (method: string, query: URLSearchParams) => boolean) =>
    storeAt({ prefix, fetch: refusing(({ method, query }) => (isRefused(method, query) ? s3Error(403, "AccessDenied") : undefined)) });

  it("behavior: what is listed and can't be read is not missing", async () => {
    const [prefix, id] = [newPrefix(), crypto.randomUUID()];
    const store = storeAt({ prefix });
    await store.put(id, new Blob(["archive"]));
    await store.putManifest(id, new Uint8Array([1]));
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    const blind = lacking(prefix, (method, query) => method === "GET" && !query.has("list-type"));
    const denied = { code: "STORE_DENIED", details: naming("s3:GetObject") };
    await expect(blind.get(id)).rejects.toMatchObject(denied);
    await expect(blind.sizeOf?.(id)).rejects.toMatchObject(denied);
    await expect(blind.getDocument?.("key-ring")).rejects.toMatchObject(denied);
    await expect(blind.put(id, new Blob(["other"]))).rejects.toMatchObject(denied);
    await expect(blind.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject(denied);
  });

  it("behavior: writing and removing name theirs", async () => {
    const [prefix, id] = [newPrefix(), crypto.randomUUID()];
    const fixed = lacking(prefix, (method) => method !== "GET");
    for (const call of [
      () => fixed.put(id, new Blob(["x"])),
      () => fixed.put(id, new Blob([new Uint8Array(600_000)])),
      () => fixed.putManifest(id, new Uint8Array([1])),
      () => fixed.putDocument!("key-ring", new Uint8Array([1]), { replaces: undefined }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "STORE_DENIED", details: naming("s3:PutObject") });
    }
    await expect(fixed.remove(id)).rejects.toMatchObject({ code: "STORE_DENIED", details: naming("s3:DeleteObject") });
  });

  it("behavior: a bucket that takes no deletion is told as one that refuses", async () => {
    const writeOnce = storeAt({ fetch: refusing(({ method }) => (method === "DELETE" ? s3Error(405, "MethodNotAllowed") : undefined)) });
    await expect(writeOnce.remove(crypto.randomUUID())).rejects.toMatchObject({
      code: "STORE_DENIED",
      details: naming("keeps what lies there"),
    });
  });

  it.each([
    ["of another prefix", "<ListBucketResult><Prefix>inboxes/another/</Prefix></ListBucketResult>", "STORE_FAILED"],
    ["that is none", "<Error/>", "STORE_FAILED"],
  ])("behavior: a list %s proves nothing", async (_name, body, code) => {
    const misleading = refusing(({ query }) =>
      query.has("list-type") ? new Response(body, { headers: { "content-type": "application/xml" } }) : s3Error(403, "AccessDenied"),
    );
    await expect(storeAt({ fetch: misleading }).getDocument?.("key-ring")).rejects.toMatchObject({ code });
  });

  it("behavior: what another device writes between the two questions is found", async () => {
    const prefix = newPrefix();
    let isWritten = false;
    const late: Front = async (input, init) => {
      const { searchParams } = new URL(new Request(input).url);
      if (searchParams.has("list-type") && !isWritten) {
        isWritten = true;
        await storeAt({ prefix }).putDocument?.("key-ring", new Uint8Array([7]), { replaces: undefined });
      }
      return hidingMissing(() => true)(input, init);
    };
    expect((await storeAt({ prefix, fetch: late }).getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([7]));
  });

  it("behavior: a clock that differs is told as that, and not as what is missing", async () => {
    const skewed = refusing(
      () => new Response("<Error><Code>AccessDenied</Code></Error>", { status: 403, headers: { date: new Date(0).toUTCString() } }),
    );
    await expect(storeAt({ fetch: skewed }).getDocument?.("key-ring")).rejects.toMatchObject({ code: "STORE_CLOCK_SKEWED" });
  });
});
