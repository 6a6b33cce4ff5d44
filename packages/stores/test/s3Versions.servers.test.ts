import { describe, expect, it } from "vitest";
import { s3Store, type S3Keys } from "../src/s3/index.ts";
import { refusing, type Seen } from "./s3/fronts.ts";
import { startRadosGateway } from "./servers/radosGateway.ts";
import { testServer } from "./servers/testServer.ts";

const gateway = testServer("RADOS Gateway", () => startRadosGateway({ objectLock: true }));

const storeAt = (url: string, prefix: string, credentials: S3Keys = gateway.now().accessKey) =>
  s3Store({ url, prefix, credentials, retries: 0, partBytes: 256 * 1024 });
/** Details that hold these words. */
const naming = (words: string): unknown => expect.stringContaining(words);
const newPrefix = () => `inboxes/${crypto.randomUUID()}/`;

/** A bucket whose objects can't be deleted for a day. */
async function lockedBucket(): Promise<string> {
  const url = await gateway.now().createBucket({ objectLock: true });
  await gateway
    .now()
    .ask(
      "PUT",
      `${url}?object-lock`,
      "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>",
    );
  return url;
}

/** Rights of a user who is held to a prefix, as `docs/stores.md` has them. */
function policyFor(user: string, bucketUrl: string, prefix: string, { list = true }: { list?: boolean } = {}): string {
  const bucket = `arn:aws:s3:::${new URL(bucketUrl).pathname.slice(1)}`;
  const allow = { Effect: "Allow", Principal: { AWS: [`arn:aws:iam:::user/${user}`] } };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        ...allow,
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        Resource: [`${bucket}/${prefix}*`],
      },
      ...(list
        ? [{ ...allow, Action: ["s3:ListBucket"], Resource: [bucket], Condition: { StringLike: { "s3:prefix": [`${prefix}*`] } } }]
        : []),
    ],
  });
}

describe("s3Store at a real server with Object Lock", () => {
  it("behavior: what is removed under retention is in no list, and its bytes stay in the bucket's versions", async (context) => {
    const { ask } = gateway.orSkip(context);
    const [url, prefix, id, kept] = [await lockedBucket(), newPrefix(), crypto.randomUUID(), crypto.randomUUID()];
    const store = storeAt(url, prefix);
    for (const [each, size] of [
      [id, 600_000],
      [kept, 10],
    ] as const) {
      await store.put(each, new Blob([new Uint8Array(size).fill(5)]));
      await store.putManifest(each, new Uint8Array([1]));
    }
    await store.remove(id);
    await store.remove(id);
    const listed: string[] = [];
    for await (const each of store.list()) listed.push(each.id);
    expect(listed).toEqual([kept]);
    expect(await store.unfinished()).toEqual([]);
    await expect(store.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await expect(store.sizeOf?.(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    const versions = await ask("GET", `${url}?versions&prefix=${encodeURIComponent(prefix + id)}`);
    expect(versions.match(/<DeleteMarker>/g)).toHaveLength(2);
    expect(versions).toContain("<Size>600000</Size>");
    const [, versionId] = /<Key>[^<]*\.xmtp<\/Key><VersionId>([^<]*)<\/VersionId><IsLatest>false/.exec(versions) ?? [];
    await expect(ask("DELETE", `${url}/${prefix}${id}.xmtp?versionId=${versionId}`)).rejects.toThrow(/403/);
  });

  it("behavior: a key ring can be changed under retention, and each change is a version", async (context) => {
    const { ask } = gateway.orSkip(context);
    const [url, prefix] = [await lockedBucket(), newPrefix()];
    const store = storeAt(url, prefix);
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    await store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: (await store.getDocument?.("key-ring"))?.revision });
    expect((await store.getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([2]));
    const versions = await ask("GET", `${url}?versions&prefix=${encodeURIComponent(`${prefix}key-ring`)}`);
    expect(versions.match(/<Version>/g)).toHaveLength(2);
  });
});

describe("s3Store at a real server with rights held to a prefix", () => {
  it("behavior: with the documented policy every call works, and what is missing is found missing", async (context) => {
    const { createBucket, createUser, ask } = gateway.orSkip(context);
    const [url, prefix, user] = [await createBucket(), newPrefix(), "alice"];
    const keys = await createUser(user);
    await ask("PUT", `${url}?policy`, policyFor(user, url, prefix));
    const store = storeAt(url, prefix, keys);
    const [id, big] = [crypto.randomUUID(), crypto.randomUUID()];
    await store.open();
    expect(await store.getDocument?.("key-ring")).toBeUndefined();
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    await store.put(id, new Blob(["archive"]));
    await store.put(big, new Blob([new Uint8Array(600_000)]));
    await store.putManifest(id, new Uint8Array([1]));
    expect(await (await store.get(id)).text()).toBe("archive");
    expect((await store.unfinished()).map((each) => each.id)).toEqual([big]);
    await store.remove(big);
    await expect(store.get(big)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await expect(store.sizeOf?.(big)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    await expect(storeAt(url, "inboxes/bob/", keys).open()).rejects.toMatchObject({
      code: "STORE_DENIED",
      details: naming("s3:ListBucket"),
    });
  });

  it("behavior: without the right to list, a missing key ring is not taken to be none", async (context) => {
    const { createBucket, createUser, ask } = gateway.orSkip(context);
    const [url, prefix, user] = [await createBucket(), newPrefix(), "carol"];
    const keys = await createUser(user);
    await ask("PUT", `${url}?policy`, policyFor(user, url, prefix, { list: false }));
    const store = storeAt(url, prefix, keys);
    await expect(store.getDocument?.("key-ring")).rejects.toMatchObject({ code: "STORE_DENIED", details: naming("s3:ListBucket") });
    await expect(store.put(crypto.randomUUID(), new Blob(["x"]))).rejects.toMatchObject({ code: "STORE_DENIED" });
  });
});

describe("s3Store at a real server that ended an upload", () => {
  it("behavior: another device's clean-up costs the parts that were sent, and no archive", async (context) => {
    const { url, accessKey } = gateway.orSkip(context);
    const [prefix, id] = [newPrefix(), crypto.randomUUID()];
    const bytes = new Uint8Array(900_000).map((_, index) => index % 251);
    const other = storeAt(url, prefix);
    const begun: Seen[] = [];
    let isEnded = false;
    const front = refusing(
      (seen) => {
        if (seen.method === "POST" && seen.query.has("uploads")) begun.push(seen);
        return undefined;
      },
      async (input, init) => {
        const isThird = new URL(new Request(input).url).searchParams.get("partNumber") === "3";
        if (isThird && !isEnded) {
          isEnded = true;
          await other.remove(id);
        }
        return fetch(input, init);
      },
    );
    const one = s3Store({ url, prefix, credentials: accessKey, retries: 0, partBytes: 256 * 1024, fetch: front });
    await one.put(id, new Blob([bytes]));
    expect(begun).toHaveLength(2);
    expect(Buffer.from(await (await other.get(id)).arrayBuffer()).equals(bytes)).toBe(true);
    await other.remove(id);
    expect(await other.unfinished()).toEqual([]);
  });
});
