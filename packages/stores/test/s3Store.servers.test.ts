import type { ArchiveStore } from "@xmtp-backup/core";
import { archiveStoreContract, runContract } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Store, type S3StoreOptions } from "../src/s3/index.ts";
import { accessKey, startS3Server } from "./s3/s3Server.ts";

let server: Awaited<ReturnType<typeof startS3Server>>;
let plain: Awaited<ReturnType<typeof startS3Server>>;
beforeAll(async () => {
  [server, plain] = await Promise.all([startS3Server(), startS3Server({ extended: false })]);
});
afterAll(async () => {
  await Promise.all([server.dispose(), plain.dispose()]);
});

const newPrefix = () => `inboxes/${crypto.randomUUID()}/`;
const storeAt = (url: string, options: Partial<S3StoreOptions> = {}) =>
  s3Store({ url, retries: 0, partBytes: 256 * 1024, credentials: accessKey, prefix: newPrefix(), ...options });

const setUpAt = (urlOf: () => string) => async () => {
  const prefix = newPrefix();
  const reopen = () => storeAt(urlOf(), { prefix });
  return { store: reopen(), reopen };
};

runContract(
  "s3Store over a server that ignores conditions and lists no uploads",
  archiveStoreContract(
    setUpAt(() => plain.url),
    { usage: false },
  ),
  { describe, it },
);

/** Answers every request of S3 with one of its errors. */
const refusing =
  (status: number, code: string): typeof fetch =>
  async (_input, init) => {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret of the server</Message></Error>`;
    return new Response(init?.method === "HEAD" ? null : body, { status, headers: { "content-type": "application/xml" } });
  };

describe("s3Store", () => {
  it("parameters: credentials: wrong ones are told as that, after new ones were asked for", async () => {
    const asked: boolean[] = [];
    const credentials = ({ refresh }: { refresh: boolean }) => {
      asked.push(refresh);
      return { ...accessKey, secretAccessKey: "wrong" };
    };
    await expect(storeAt(server.url, { credentials }).open()).rejects.toMatchObject({ code: "STORE_UNAUTHENTICATED" });
    expect(asked).toEqual([false, true]);
  });

  it("parameters: credentials: expired ones are replaced", async () => {
    const credentials = ({ refresh }: { refresh: boolean }) =>
      refresh ? accessKey : { accessKeyId: "EXPIRED", secretAccessKey: "expired" };
    await storeAt(server.url, { credentials }).open();
  });

  it("parameters: url: a bucket that is not there is told as that", async () => {
    await expect(storeAt(server.url.replace(/\w+$/, "elsewhere")).open()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("parameters: prefix: refuses what could leave it", () => {
    for (const prefix of ["../", "a/../b/", "a b/", "?x/", "/a/"])
      expect(() => storeAt(server.url, { prefix })).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  });

  it.each([
    [403, "AccessDenied", "STORE_DENIED"],
    [403, "RequestTimeTooSkewed", "STORE_CLOCK_SKEWED"],
    [400, "ExpiredToken", "STORE_UNAUTHENTICATED"],
    [507, "XMinioStorageFull", "STORE_FULL"],
    [400, "EntityTooLarge", "STORE_FULL"],
    [503, "SlowDown", "STORE_UNAVAILABLE"],
    [400, "XAmzContentSHA256Mismatch", "STORE_UNAVAILABLE"],
    [400, "InvalidRequest", "STORE_FAILED"],
    [403, "constructor", "STORE_DENIED"],
  ])("behavior: the answer %i %s is %s", async (status, error, code) => {
    const failure = await storeAt(server.url, { fetch: refusing(status, error) })
      .put(crypto.randomUUID(), new Blob(["x"]))
      .catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code });
    expect(JSON.stringify(failure) + String(failure)).not.toContain("secret");
  });

  it("behavior: 10,000 archives are listed, each once, in pages, and few manifests are read at once", async () => {
    const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID()).sort();
    let [pages, readsNow, mostReads] = [0, 0, 0];
    // The real server takes minutes for as many files: pages as the API reference has them.
    const listing: typeof fetch = async (input) => {
      const { pathname, searchParams } = new URL(new Request(input).url);
      if (!searchParams.has("list-type")) {
        mostReads = Math.max(mostReads, ++readsNow);
        await Promise.resolve();
        readsNow -= 1;
        return new Response(pathname.slice(-50, -14), { headers: { etag: `"1"` } });
      }
      pages += 1;
      const from = Number(searchParams.get("continuation-token") ?? 0);
      const keys = ids
        .slice(from, from + 1_000)
        .map((id) => `<Contents><Key>p/${id}.manifest.json</Key><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`);
      const isTruncated = from + 1_000 < ids.length;
      return new Response(
        `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated><NextContinuationToken>${from + 1_000}</NextContinuationToken>${keys.join("")}</ListBucketResult>`,
      );
    };
    const listed: string[] = [];
    for await (const { id } of storeAt(server.url, { prefix: "p/", fetch: listing }).list()) listed.push(id);
    expect(listed).toEqual(ids);
    expect(pages).toBe(10);
    expect(mostReads).toBeLessThanOrEqual(8);
  });

  it("behavior: pages that go in circles are refused", async () => {
    const circling: typeof fetch = async () =>
      new Response(
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken></ListBucketResult>",
      );
    await expect(storeAt(server.url, { fetch: circling }).unfinished()).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: pages that go in a wider circle are refused, of uploads too", async () => {
    let asked = 0;
    const circling: typeof fetch = async (input) => {
      const { searchParams } = new URL(new Request(input).url);
      const next = `${"ab"[asked++ % 2]}`;
      if (asked > 10) throw new Error("It was asked for ever.");
      const isOfUploads = searchParams.has("uploads");
      const [root, page] = isOfUploads
        ? ["ListMultipartUploadsResult", `<NextKeyMarker>${next}</NextKeyMarker>`]
        : ["ListBucketResult", `<NextContinuationToken>${next}</NextContinuationToken>`];
      return new Response(`<${root}><IsTruncated>true</IsTruncated>${page}</${root}>`);
    };
    const uploadsAlone: typeof fetch = async (input, init) =>
      new URL(new Request(input).url).searchParams.has("uploads")
        ? circling(input, init)
        : new Response("<ListBucketResult></ListBucketResult>", { status: init?.method === "DELETE" ? 201 : 200 });
    for (const fetch of [circling, uploadsAlone]) {
      asked = 0;
      await expect(storeAt(server.url, { fetch }).unfinished()).rejects.toMatchObject({
        code: "STORE_FAILED",
        details: "The server's pages go in circles.",
      });
    }
  });

  it("behavior: a server that lists without heeding the prefix shows no other inbox's archives, and loses none of their uploads", async () => {
    const [mine, others] = [crypto.randomUUID(), crypto.randomUUID()];
    const prefixes = ["inboxes/alice/", "inboxes/carol/"] as const;
    const keys = [`${prefixes[0]}${mine}`, `${prefixes[1]}${others}`, `${prefixes[1]}${mine}`];
    const deleted: string[] = [];
    const heedless: typeof fetch = async (input, init) => {
      const { pathname, search, searchParams } = new URL(new Request(input).url);
      if (init?.method === "DELETE") deleted.push(pathname.slice(pathname.indexOf("inboxes/")) + search);
      if (searchParams.has("uploads"))
        return new Response(
          `<ListMultipartUploadsResult>${keys.map((key) => `<Upload><Key>${key}.xmtp</Key><UploadId>1</UploadId></Upload>`).join("")}</ListMultipartUploadsResult>`,
        );
      if (searchParams.has("list-type"))
        return new Response(
          `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}.manifest.json</Key></Contents>`).join("")}</ListBucketResult>`,
        );
      return new Response("manifest", { headers: { etag: '"1"' } });
    };
    const store = storeAt(server.url, { prefix: prefixes[0], fetch: heedless });
    const listed: string[] = [];
    for await (const { id } of store.list()) listed.push(id);
    expect(listed).toEqual([mine]);
    await store.remove(mine);
    expect(deleted).toEqual([`${prefixes[0]}${mine}.manifest.json`, `${prefixes[0]}${mine}.xmtp`, `${prefixes[0]}${mine}.xmtp?uploadId=1`]);
  });

  it("behavior: XML that declares entities is refused", async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ListBucketResult><Contents>&b;</Contents></ListBucketResult>`;
    await expect(storeAt(server.url, { fetch: async () => new Response(bomb) }).open()).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: a token that expires in the middle of an upload is replaced, whatever is asked then", async () => {
    const [prefix, id] = [newPrefix(), crypto.randomUUID()];
    const expired = new Set<string>();
    const archive = new Uint8Array(600_000).fill(7);
    // Every kind of request finds its token expired once.
    const expiring: typeof fetch = async (input, init) => {
      const url = new URL(new Request(input).url);
      const kind = `${init?.method} ${[...url.searchParams.keys()].join()} ${url.pathname.slice(-5)}`;
      if (expired.has(kind)) return fetch(input, init);
      expired.add(kind);
      return refusing(400, "ExpiredToken")(input, init);
    };
    const store = storeAt(server.url, { prefix, fetch: expiring });
    await store.put(id, new Blob([archive]));
    await store.putManifest(id, new Uint8Array([1]));
    expect(Buffer.from(await (await store.get(id)).arrayBuffer()).equals(archive)).toBe(true);
    expect(expired.size).toBe(6);
  });

  it.each([409, 412, 501])("behavior: the answer %i to a write without a condition is a failure", async (status) => {
    const refusingWrites: typeof fetch = async (input, init) =>
      init?.method === "PUT" ? new Response(null, { status }) : fetch(input, init);
    const store = storeAt(server.url, { fetch: refusingWrites });
    await expect(store.put(crypto.randomUUID(), new Blob(["x"]))).rejects.toMatchObject({ code: "STORE_FAILED" });
    await expect(store.putManifest(crypto.randomUUID(), new Uint8Array([1]))).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: a document goes without its condition where the server answers that it has none", async () => {
    const prefix = newPrefix();
    const unconditional: typeof fetch = async (input, init) =>
      new Headers(init?.headers).has("if-none-match") ? new Response(null, { status: 501 }) : fetch(input, init);
    await storeAt(server.url, { prefix, fetch: unconditional }).putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    expect((await storeAt(server.url, { prefix }).getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([1]));
  });

  it("behavior: a document that is removed before it is replaced is a conflict", async () => {
    const gone: typeof fetch = async (input, init) =>
      init?.method === "PUT" ? refusing(404, "NoSuchKey")(input, init) : fetch(input, init);
    const prefix = newPrefix();
    const store = storeAt(server.url, { prefix });
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    const replaces = (await store.getDocument?.("key-ring"))?.revision;
    await expect(
      storeAt(server.url, { prefix, fetch: gone }).putDocument?.("key-ring", new Uint8Array([2]), { replaces }),
    ).rejects.toMatchObject({ code: "STORE_CONFLICT" });
  });

  describe("a server whose conditions don't hold although they should", () => {
    const isConditional = (init: RequestInit | undefined, isMeant: (match: string) => boolean = () => true) => {
      const headers = new Headers(init?.headers);
      const match = headers.get("if-match") ?? headers.get("if-none-match");
      return init?.method === "PUT" && match !== null && isMeant(match);
    };
    const unmet =
      (isMeant?: (match: string) => boolean): typeof fetch =>
      async (input, init) =>
        isConditional(init, isMeant) ? refusing(412, "PreconditionFailed")(input, init) : fetch(input, init);
    const ringOf = (value: number) => new Uint8Array([value]);
    /** Another process: this one orders its own changes of a place, by its address. */
    const elsewhere = (prefix: string) => storeAt(server.url.replace("127.0.0.1", "localhost"), { prefix });
    const replace = async (store: ArchiveStore, value: number) =>
      store.putDocument?.("key-ring", ringOf(value), { replaces: (await store.getDocument?.("key-ring"))?.revision });

    it.each([
      ["takes tags without quotes only", (match: string) => match.startsWith('"')],
      ["takes none", () => true],
    ])("behavior: a document can be changed at one that %s", async (_name, isMeant) => {
      const store = storeAt(server.url, { fetch: unmet(isMeant) });
      for (const value of [1, 2, 3]) await replace(store, value);
      expect((await store.getDocument?.("key-ring"))?.bytes).toEqual(ringOf(3));
    });

    it("behavior: what another device wrote before the last question is not replaced", async () => {
      const prefix = newPrefix();
      const other = elsewhere(prefix);
      await replace(other, 1);
      let isWritten = false;
      const between: typeof fetch = async (input, init) => {
        if (!isWritten && isConditional(init)) {
          isWritten = true;
          await replace(other, 2);
        }
        return unmet()(input, init);
      };
      await expect(replace(storeAt(server.url, { prefix, fetch: between }), 3)).rejects.toMatchObject({ code: "STORE_CONFLICT" });
      expect((await other.getDocument?.("key-ring"))?.bytes).toEqual(ringOf(2));
    });

    it("behavior: a write without a condition that another device overwrote is a conflict", async () => {
      const prefix = newPrefix();
      const other = elsewhere(prefix);
      await replace(other, 1);
      const overwritten: typeof fetch = async (input, init) => {
        const response = await unmet()(input, init);
        if (init?.method === "PUT" && response.ok) await replace(other, 2);
        return response;
      };
      await expect(replace(storeAt(server.url, { prefix, fetch: overwritten }), 3)).rejects.toMatchObject({ code: "STORE_CONFLICT" });
      expect((await other.getDocument?.("key-ring"))?.bytes).toEqual(ringOf(2));
    });

    it("behavior: another write that is under way is a conflict, and is not written over", async () => {
      const busy: typeof fetch = async (input, init) =>
        isConditional(init) ? refusing(409, "ConditionalRequestConflict")(input, init) : fetch(input, init);
      const prefix = newPrefix();
      await replace(storeAt(server.url, { prefix }), 1);
      await expect(replace(storeAt(server.url, { prefix, fetch: busy }), 2)).rejects.toMatchObject({ code: "STORE_CONFLICT" });
      expect((await storeAt(server.url, { prefix }).getDocument?.("key-ring"))?.bytes).toEqual(ringOf(1));
    });
  });

  it.each([
    ["an error", "<Error><Code>InternalError</Code></Error>"],
    ["an error after spaces", `  \n<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>`],
    ["nothing", ""],
    ["something else", "{}"],
  ])("behavior: parts that can't be put together are no archive: 200 with %s", async (_name, body) => {
    const failing: typeof fetch = async (input, init) =>
      init?.method === "POST" && new Request(input).url.includes("uploadId") ? new Response(body) : fetch(input, init);
    const store = storeAt(server.url, { fetch: failing });
    await expect(store.put(crypto.randomUUID(), new Blob([new Uint8Array(600_000)]))).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      retryable: true,
    });
  });

  it("behavior: what a crash left of an upload is unfinished, and removed with the archive", async () => {
    const [prefix, id] = [newPrefix(), crypto.randomUUID()];
    const crashing: typeof fetch = async (input, init) =>
      /^(DELETE|PUT)$/.test(init?.method ?? "") ? Promise.reject(new TypeError("Gone.")) : fetch(input, init);
    await expect(storeAt(server.url, { prefix, fetch: crashing }).put(id, new Blob([new Uint8Array(600_000)]))).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    const store = storeAt(server.url, { prefix });
    expect((await store.unfinished()).map((each) => each.id)).toEqual([id]);
    await store.remove(id);
    expect(await store.unfinished()).toEqual([]);
  });

  it("behavior: a document whose answer was lost is stored once, and no conflict", async () => {
    const prefix = newPrefix();
    let isLost = false;
    const losing: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method !== "PUT" || isLost) return response;
      isLost = true;
      throw new TypeError("The answer was lost.");
    };
    await storeAt(server.url, { prefix, fetch: losing, retries: 1, retryDelayMs: 1 }).putDocument?.("key-ring", new Uint8Array([1, 2]), {
      replaces: undefined,
    });
    expect(isLost).toBe(true);
    expect((await storeAt(server.url, { prefix }).getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([1, 2]));
  });
});
