import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { conditionTags, ownTag, versionOf } from "../src/transport/entityTags.ts";
import { httpStore } from "../src/http/index.ts";
import { s3Store } from "../src/s3/index.ts";
import { startArchiveServer } from "./archiveServer.ts";
import { accessKey, startS3Server } from "./s3/s3Server.ts";
import { packing } from "./webdav/apache.ts";
import { alice, asPage, davStore, usingApache } from "./webdav/usingApache.ts";

const [first, second, third] = [1, 2, 3].map((byte) => new Uint8Array(2_000).fill(byte)) as [Uint8Array, Uint8Array, Uint8Array];

/** What stands between a server and a device, by what it makes of a tag. */
const changed: [string, (tag: string) => string][] = [
  ["nothing", (tag) => tag],
  ["a weak tag", (tag) => tag.replace(/^(W\/)?/, "W/")],
  ["-gzip", (tag) => tag.replace(/"$/, '-gzip"')],
  ["--gzip", (tag) => tag.replace(/"$/, '--gzip"')],
  [";gzip", (tag) => tag.replace(/"$/, ';gzip"')],
  [";br", (tag) => tag.replace(/"$/, ';br"')],
  ["-br", (tag) => tag.replace(/"$/, '-br"')],
  ["-df", (tag) => tag.replace(/"$/, '-df"')],
  ["-zstd", (tag) => tag.replace(/"$/, '-zstd"')],
  ["-gzip behind the quotes", (tag) => `${tag}-gzip`],
  ["a weak tag with -gzip", (tag) => tag.replace(/^(W\/)?(.*)"$/, 'W/$2-gzip"')],
];

/** Changes the tags of answers to GET, as programs do that pack them. */
function changing(change: (tag: string) => string, send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    const tag = response.headers.get("etag");
    if ((init?.method ?? "GET") !== "GET" || tag === null) return response;
    const headers = new Headers(response.headers);
    headers.set("etag", change(tag));
    return new Response(response.body, { status: response.status, headers });
  };
}

/** Lets another device write just before the first write of this one. */
function overtaken(send: typeof fetch, other: () => Promise<void>): typeof fetch {
  let isOvertaken = false;
  return async (input, init) => {
    if (init?.method === "PUT" && !isOvertaken) {
      isOvertaken = true;
      await other();
    }
    return send(input, init);
  };
}

type Documents = Required<Pick<ReturnType<typeof httpStore>, "getDocument" | "putDocument">>;

/** A place, as its stores reach it by ways of their own, and how another device writes there. */
type Place = { open: (send: typeof fetch) => Documents; write?: (bytes: Uint8Array) => Promise<void> };

/** A document is made, replaced twice, and never written over where another device was faster. */
async function keepsDocuments({ open, write = (bytes) => replaceBy(open(fetch), bytes) }: Place, send: typeof fetch): Promise<void> {
  const mine = open(send);
  const revisionOf = async (store: Documents) => (await store.getDocument("key-ring"))?.revision;
  await mine.putDocument("key-ring", first, { replaces: undefined });
  await mine.putDocument("key-ring", second, { replaces: await revisionOf(mine) });
  await mine.putDocument("key-ring", first, { replaces: await revisionOf(mine) });

  const late = open(overtaken(send, () => write(second)));
  await expect(late.putDocument("key-ring", third, { replaces: await revisionOf(late) })).rejects.toMatchObject({ code: "STORE_CONFLICT" });
  expect((await open(fetch).getDocument("key-ring"))?.bytes).toEqual(second);
}

async function replaceBy(store: Documents, bytes: Uint8Array): Promise<void> {
  await store.putDocument("key-ring", bytes, { replaces: (await store.getDocument("key-ring"))?.revision });
}

describe("versionOf", () => {
  it.each([
    '"abc"',
    'W/"abc"',
    '"abc-gzip"',
    '"abc--gzip"',
    '"abc;gzip"',
    '"abc;br"',
    '"abc-br"',
    '"abc-df"',
    '"abc-gzip-gzip"',
    '"abc"-gzip',
    'W/"abc-gzip"',
    'w/"abc:zstd"',
    "abc",
    " abc-gz ",
  ])("default: %s", (tag) => {
    expect([versionOf(tag), ownTag(tag)]).toEqual(["abc", '"abc"']);
  });

  it.each(['"abc-gzi"', '"abcgzip"', '"gzip"', '"-"', '"abc-gzip-1"'])("behavior: %s has no coding", (tag) => {
    expect(versionOf(tag)).toBe(tag.slice(1, -1));
  });

  it("default: conditionTags: the likeliest first, each once", () => {
    expect(conditionTags('W/"a-gzip"')).toEqual(['"a"', '"a-gzip"']);
    expect(conditionTags('"a"')).toEqual(['"a"']);
    expect(conditionTags(undefined)).toEqual([]);
  });
});

describe("documents, whatever changes their tags on the way", () => {
  const plain = usingApache();
  const packed = [
    ["mod_deflate", usingApache(packing.gzip)],
    ["mod_brotli", usingApache(packing.brotli)],
  ] as const;

  const folderOf = async (url: string) => {
    const folder = `${url}/${crypto.randomUUID()}`;
    await davStore(folder).open();
    return folder;
  };
  const documentsAt = (url: string) => (send: typeof fetch) => davStore(url, { fetch: send }) as Documents;
  /** Stores of one process take turns: another device writes without any. */
  const writeAt = (url: string) => async (bytes: Uint8Array) =>
    (await fetch(`${url}/key-ring.json`, { method: "PUT", headers: alice(), body: new Uint8Array(bytes) })).status;
  const placeAt = (url: string): Place => ({
    open: documentsAt(url),
    write: async (bytes) => {
      expect(await writeAt(url)(bytes)).toBe(204);
    },
  });

  it.for(packed)("default: webdavStore over %s", async ([, server], context) => {
    const { url } = server(context);
    await keepsDocuments(placeAt(await folderOf(url)), fetch);
    await keepsDocuments(placeAt(await folderOf(url)), asPage);
  });

  it.for(packed)("behavior: webdavStore over %s: a tag that is strong meets the condition at once", async ([, server], context) => {
    const { url, files } = server(context);
    const folder = await folderOf(url);
    const asked: string[] = [];
    const store = documentsAt(folder)(async (input, init) => {
      const isProbe = new Request(input).url.endsWith("/condition.probe");
      asked.push(isProbe ? "probe" : `${init?.method} ${new Headers(init?.headers).get("if-match") === null ? "" : "if"}`.trim());
      return asPage(input, init);
    });
    await store.putDocument("key-ring", first, { replaces: undefined });
    // Apache calls a tag weak as long as its file may change within the same second.
    await utimes(join(files, new URL(folder).pathname, "key-ring.json"), 1_000_000_000, 1_000_000_000);
    const read = await store.getDocument("key-ring");
    asked.splice(0);
    await store.putDocument("key-ring", second, { replaces: read?.revision });
    expect(asked).toEqual(["GET", "probe", "PUT if"]);
    asked.splice(0);
    await utimes(join(files, new URL(folder).pathname, "key-ring.json"), 1_000_000_000, 1_000_000_000);
    await store.putDocument("key-ring", first, { replaces: (await store.getDocument("key-ring"))?.revision });
    expect(asked).toEqual(["GET", "GET", "PUT if"]);
  });

  it.for([...changed, ["another tag each time", () => `"${crypto.randomUUID()}"`]] as typeof changed)(
    "behavior: webdavStore, behind what makes of a tag: %s",
    async ([, change], context) => {
      await keepsDocuments(placeAt(await folderOf(plain(context).url)), changing(change));
    },
  );

  it("behavior: webdavStore at a server without tags: a lock keeps others out", async (context) => {
    const folder = await folderOf(plain(context).url);
    const asked: string[] = [];
    const tagless: typeof fetch = async (input, init) => {
      asked.push(String(init?.method));
      const response = await fetch(input, init);
      if (init?.method === "PROPFIND")
        return new Response((await response.text()).replaceAll(/<[^<>]*getetag[^<>]*>[^<>]*<[^<>]*>/g, ""), response);
      const headers = new Headers(response.headers);
      headers.delete("etag");
      return new Response(response.body, { status: response.status, headers });
    };
    const store = documentsAt(folder)(tagless);
    const writeByOther = writeAt(folder);
    await store.putDocument("key-ring", first, { replaces: undefined });
    const replaces = (await store.getDocument("key-ring"))?.revision;
    let status = 0;
    const whileHeld = overtaken(tagless, async () => {
      status = await writeByOther(third);
    });
    await documentsAt(folder)(whileHeld).putDocument("key-ring", second, { replaces });
    expect(status).toBe(423);
    expect((await store.getDocument("key-ring"))?.bytes).toEqual(second);
    expect(asked.filter((method) => method === "LOCK" || method === "UNLOCK")).toEqual(["LOCK", "UNLOCK"]);

    const beforeTheLock: typeof fetch = async (input, init) => {
      if (init?.method === "LOCK") await writeByOther(third);
      return tagless(input, init);
    };
    const late = documentsAt(folder)(beforeTheLock).putDocument("key-ring", first, {
      replaces: (await store.getDocument("key-ring"))?.revision,
    });
    await expect(late).rejects.toMatchObject({ code: "STORE_CONFLICT" });
    expect((await store.getDocument("key-ring"))?.bytes).toEqual(third);
  });

  it("behavior: webdavStore at a server without tags and locks: the document is read once more, and replaced", async (context) => {
    const folder = await folderOf(plain(context).url);
    const bare = changing(
      () => `"${crypto.randomUUID()}"`,
      async (input, init) => {
        if (init?.method === "LOCK") return new Response(null, { status: 405 });
        if (init?.method === "PUT" && new Headers(init.headers).has("if-match")) return new Response(null, { status: 412 });
        return fetch(input, init);
      },
    );
    const store = documentsAt(folder)(bare);
    await store.putDocument("key-ring", first, { replaces: undefined });
    await store.putDocument("key-ring", second, { replaces: (await store.getDocument("key-ring"))?.revision });
    expect((await store.getDocument("key-ring"))?.bytes).toEqual(second);
  });

  it.each(changed)("behavior: httpStore, behind what makes of a tag: %s", async (_name, change) => {
    const server = await startArchiveServer();
    try {
      const open = (send: typeof fetch) =>
        httpStore({ url: server.url, retries: 0, credentials: () => ({ Authorization: "Bearer alice" }), fetch: send }) as Documents;
      await keepsDocuments({ open }, changing(change));
    } finally {
      await server.dispose();
    }
  });

  it.each(changed)("behavior: s3Store, behind what makes of a tag: %s", async (_name, change) => {
    const server = await startS3Server();
    try {
      const openAt = (url: string) => (send: typeof fetch) =>
        s3Store({ url, retries: 0, partBytes: 256 * 1024, credentials: accessKey, fetch: send }) as Documents;
      // Stores of one process take turns for one address.
      const elsewhere = openAt(server.url.replace("127.0.0.1", "localhost"))(fetch);
      await keepsDocuments({ open: openAt(server.url), write: (bytes) => replaceBy(elsewhere, bytes) }, changing(change));
    } finally {
      await server.dispose();
    }
  });

  it("behavior: s3Store: a tag that no condition knows is one of a server without conditions: what was read is replaced", async () => {
    const server = await startS3Server();
    try {
      const store = s3Store({
        url: server.url,
        retries: 0,
        credentials: accessKey,
        fetch: changing(() => '"always another"'),
      }) as Documents;
      await store.putDocument("key-ring", first, { replaces: undefined });
      await store.putDocument("key-ring", second, { replaces: (await store.getDocument("key-ring"))?.revision });
      expect((await store.getDocument("key-ring"))?.bytes).toEqual(second);
    } finally {
      await server.dispose();
    }
  });

  it("behavior: s3Store: the parts of an upload have the server's own tags", async () => {
    const server = await startS3Server();
    try {
      const weakening: typeof fetch = async (input, init) => {
        const response = await fetch(input, init);
        const headers = new Headers(response.headers);
        const tag = headers.get("etag");
        if (tag !== null) headers.set("etag", `W/${tag}`);
        return new Response(response.body, { status: response.status, headers });
      };
      const store = s3Store({ url: server.url, retries: 0, partBytes: 256 * 1024, credentials: accessKey, fetch: weakening });
      const id = crypto.randomUUID();
      await store.put(id, new Blob([new Uint8Array(600_000)]));
      expect(await store.sizeOf?.(id)).toBe(600_000);
    } finally {
      await server.dispose();
    }
  });

  it("behavior: s3Store: what asks for unpacked answers is no part of the signature", async () => {
    const server = await startS3Server();
    try {
      const dropping: typeof fetch = async (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set("accept-encoding", "gzip, br");
        return fetch(input, { ...init, headers });
      };
      const store = s3Store({ url: server.url, retries: 0, credentials: accessKey, fetch: dropping }) as Documents;
      await store.putDocument("key-ring", first, { replaces: undefined });
      expect((await store.getDocument("key-ring"))?.bytes).toEqual(first);
    } finally {
      await server.dispose();
    }
  });
});
