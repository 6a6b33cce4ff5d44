import { archiveStoreContract, runContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Store, type S3StoreOptions } from "../src/s3/index.ts";
import {
  demandingChecksums,
  demandingMd5,
  type Front,
  googleLike,
  isWrite,
  refusing,
  refusingChecksums,
  s3Error,
  type Seen,
  seenOf,
} from "./s3/fronts.ts";
import { accessKey, startS3Server } from "./s3/s3Server.ts";

let server: Awaited<ReturnType<typeof startS3Server>>;
let google: Awaited<ReturnType<typeof startS3Server>>;
beforeAll(async () => {
  [server, google] = await Promise.all([startS3Server(), startS3Server({ conditions: false })]);
});
afterAll(() => Promise.all([server.dispose(), google.dispose()]));

const newPrefix = () => `inboxes/${crypto.randomUUID()}/`;
const storeAt = (url: string, options: Partial<S3StoreOptions>) =>
  s3Store({ url, retries: 0, partBytes: 256 * 1024, credentials: accessKey, prefix: newPrefix(), ...options });
const behind = (urlOf: () => string, front: () => Front) => async () => {
  const prefix = newPrefix();
  const reopen = () => storeAt(urlOf(), { prefix, fetch: front() });
  return { store: reopen(), reopen };
};
const inParts = () => new Blob([new Uint8Array(600_000).fill(3)]);

runContract(
  "s3Store in a bucket that demands checksums",
  archiveStoreContract(
    behind(() => server.url, demandingChecksums),
    { usage: false },
  ),
  { describe, it },
);
runContract(
  "documents of s3Store in a bucket that demands checksums",
  storeDocumentsContract(behind(() => server.url, demandingChecksums)),
  { describe, it },
);
runContract(
  "s3Store in a bucket that demands MD5 and refuses other checksums",
  archiveStoreContract(
    behind(() => server.url, demandingMd5),
    { usage: false },
  ),
  { describe, it },
);
runContract(
  "documents of s3Store in a bucket that demands MD5 and refuses other checksums",
  storeDocumentsContract(behind(() => server.url, demandingMd5)),
  { describe, it },
);
runContract(
  "s3Store at what answers as Google's storage",
  archiveStoreContract(
    behind(() => google.url, googleLike),
    { usage: false },
  ),
  { describe, it },
);
runContract("documents of s3Store at what answers as Google's storage", storeDocumentsContract(behind(() => google.url, googleLike)), {
  describe,
  it,
});

describe("checksums of s3Store", () => {
  it("default: every body goes with its own, and parts are put together by theirs", async () => {
    const seen: Seen[] = [];
    const store = storeAt(server.url, { fetch: refusing((each) => void seen.push(each)) });
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["archive"]));
    await store.putManifest(id, new Uint8Array([1]));
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    await store.put(crypto.randomUUID(), inParts());
    const writes = seen.filter(isWrite);
    expect(writes).toHaveLength(6);
    expect(writes.every(({ headers }) => /^[\w+/]{43}=$/.test(headers.get("x-amz-checksum-sha256") ?? ""))).toBe(true);
    expect(
      seen
        .filter(({ method, query }) => method === "POST" && query.has("uploads"))
        .map(({ headers }) => headers.get("x-amz-checksum-algorithm")),
    ).toEqual(["SHA256"]);
    const [completing] = seen.filter(({ method, query }) => method === "POST" && query.has("uploadId"));
    const sums = [...new TextDecoder().decode(completing?.body).matchAll(/<ChecksumSHA256>(.*?)<\/ChecksumSHA256>/g)].map(([, sum]) => sum);
    expect(sums).toEqual(writes.filter(({ query }) => query.has("partNumber")).map(({ headers }) => headers.get("x-amz-checksum-sha256")));
  });

  const refusals: Record<string, () => Response> = {
    "400 InvalidArgument": () => s3Error(400, "InvalidArgument"),
    "400 without a body": () => new Response(null, { status: 400 }),
    "501 NotImplemented": () => s3Error(501, "NotImplemented"),
    "403 SignatureDoesNotMatch": () => s3Error(403, "SignatureDoesNotMatch"),
  };
  for (const [name, answer] of Object.entries(refusals)) {
    it(`behavior: a server that answers them with ${name} is asked without, and once only`, async () => {
      const refused: Seen[] = [];
      const [prefix, id, big] = [newPrefix(), crypto.randomUUID(), crypto.randomUUID()];
      const store = storeAt(server.url, { prefix, fetch: refusingChecksums(answer, (seen) => refused.push(seen)) });
      await store.put(big, inParts());
      expect(new Set(refused.map(({ method }) => method))).toEqual(new Set(["POST"]));
      refused.length = 0;
      await store.put(id, new Blob(["archive"]));
      await store.putManifest(id, new Uint8Array([1]));
      await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
      await expect(
        storeAt(server.url, { prefix, fetch: refusingChecksums(answer) }).putDocument?.("key-ring", new Uint8Array([2]), {
          replaces: undefined,
        }),
      ).rejects.toMatchObject({ code: "STORE_CONFLICT" });
      expect(refused).toEqual([]);
      expect(await (await store.get(id)).text()).toBe("archive");
      expect((await store.get(big)).size).toBe(600_000);
    });
  }

  it("behavior: a server that takes the beginning of an upload and refuses its parts gets the upload again without", async () => {
    const id = crypto.randomUUID();
    const partial = refusing((seen) =>
      isWrite(seen) && seen.headers.has("x-amz-checksum-sha256") ? s3Error(400, "InvalidArgument") : undefined,
    );
    const store = storeAt(server.url, { fetch: partial });
    await store.put(id, inParts());
    expect((await store.get(id)).size).toBe(600_000);
    await store.remove(id);
    expect(await store.unfinished()).toEqual([]);
  });

  it("behavior: a server that refuses the checksums of parts at the end is asked without them, and no part goes twice", async () => {
    const [id, parts] = [crypto.randomUUID(), [] as Seen[]];
    const late = refusing((seen) => {
      if (isWrite(seen)) parts.push(seen);
      return seen.method === "POST" && new TextDecoder().decode(seen.body).includes("Checksum")
        ? s3Error(412, "PreconditionFailed")
        : undefined;
    });
    const store = storeAt(server.url, { fetch: late });
    await store.put(id, inParts());
    expect(parts).toHaveLength(3);
    expect((await store.get(id)).size).toBe(600_000);
  });

  it("behavior: a bucket that begins to demand them is asked with them again", async () => {
    let front: Front = refusingChecksums(() => s3Error(501, "NotImplemented"));
    const store = storeAt(server.url, { fetch: (input, init) => front(input, init) });
    await store.putManifest(crypto.randomUUID(), new Uint8Array([1]));
    front = demandingChecksums();
    await store.putManifest(crypto.randomUUID(), new Uint8Array([1]));
    await store.put(crypto.randomUUID(), inParts());
  });

  it("behavior: a bucket that demands MD5 is asked with it first, once that is known", async () => {
    const sent: Seen[] = [];
    const store = storeAt(server.url, { fetch: refusing((seen) => void sent.push(seen), demandingMd5()) });
    await store.put(crypto.randomUUID(), inParts());
    sent.length = 0;
    await store.putManifest(crypto.randomUUID(), new Uint8Array([1]));
    await store.put(crypto.randomUUID(), inParts());
    expect(sent.filter(isWrite)).toHaveLength(4);
    expect(sent.filter(isWrite).every(({ headers }) => headers.has("content-md5"))).toBe(true);
  });

  it("behavior: a request that is refused either way fails as it did, and sends its body once in each way", async () => {
    let writes = 0;
    const broken = refusing((seen) => (isWrite(seen) ? (writes++, s3Error(400, "InvalidRequest")) : undefined));
    await expect(storeAt(server.url, { fetch: broken }).put(crypto.randomUUID(), new Blob(["x"]))).rejects.toMatchObject({
      code: "STORE_FAILED",
    });
    expect(writes).toBe(3);
  });

  it("behavior: no signature covers what a front end changes on the way", async () => {
    const signed: string[] = [];
    const encoding: Front = async (input, init) => {
      const { headers } = await seenOf(input, init);
      signed.push(headers.get("authorization") ?? "");
      return googleLike()(input, init);
    };
    await storeAt(google.url, { fetch: encoding, region: "auto" }).putManifest(crypto.randomUUID(), new Uint8Array([1]));
    expect(signed.length).toBeGreaterThan(0);
    for (const each of signed) expect(each).not.toContain("accept-encoding");
  });
});
