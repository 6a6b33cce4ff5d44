import type { ArchiveStore } from "@xmtp-backup/core";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { webdavStore, type WebdavStoreOptions } from "../src/webdav/index.ts";
import { hasApache, noApache, startApache } from "./webdav/apache.ts";
import { startNextcloud } from "./webdav/nextcloud.ts";

let server: Awaited<ReturnType<typeof startApache>> | undefined;
beforeAll(async () => {
  if (hasApache()) server = await startApache();
  else if (process.env["CI"] === "true") throw new Error(noApache);
});
afterAll(() => server?.dispose());

function apacheOrSkip(context: Pick<TestContext, "skip">): string {
  return server ? server.url : context.skip(noApache);
}

const authorization = (password: string) => ({ Authorization: `Basic ${btoa(`alice:${password}`)}` });
const storeAt = (url: string, options: Partial<WebdavStoreOptions> = {}) =>
  webdavStore({ url, retries: 0, chunkBytes: 256 * 1024, credentials: () => authorization("secret"), ...options });

async function idsOf(store: ArchiveStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.list()) ids.push(id);
  return ids;
}

describe("webdavStore", () => {
  it("parameters: credentials: wrong ones are told as that, expired ones replaced", async (context) => {
    const url = apacheOrSkip(context);
    await expect(storeAt(url, { credentials: () => authorization("wrong") }).open()).rejects.toMatchObject({
      code: "STORE_UNAUTHENTICATED",
    });
    await storeAt(url, { credentials: ({ refresh }) => authorization(refresh ? "secret" : "expired") }).open();
  });

  it("behavior: a folder that may only be read is told as that", async (context) => {
    const store = storeAt(`${apacheOrSkip(context)}/readonly`);
    await store.open();
    await expect(store.put(crypto.randomUUID(), new Blob(["x"]))).rejects.toMatchObject({ code: "STORE_DENIED" });
  });

  it("behavior: a folder that is gone is not taken for an empty one", async (context) => {
    const store = storeAt(`${apacheOrSkip(context)}/gone`);
    await expect(idsOf(store)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(store.put(crypto.randomUUID(), new Blob(["x"]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("behavior: a server that takes each part for the whole is sent the whole", async (context) => {
    const ignoring: typeof fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.delete("content-range");
      return fetch(input, { ...init, headers });
    };
    const store = storeAt(`${apacheOrSkip(context)}/${crypto.randomUUID()}`, { fetch: ignoring });
    const id = crypto.randomUUID();
    await store.open();
    await store.put(id, new Blob([new Uint8Array(700_000).fill(7)]));
    expect(new Uint8Array(await (await store.get(id)).arrayBuffer())).toEqual(new Uint8Array(700_000).fill(7));
  });

  it("behavior: a server that kept less than it was given is told as that, and nothing is called an archive", async (context) => {
    const cutting: typeof fetch = async (input, init) => fetch(input, init?.method === "PUT" ? { ...init, body: "half" } : init);
    const url = `${apacheOrSkip(context)}/${crypto.randomUUID()}`;
    const id = crypto.randomUUID();
    await storeAt(url).open();
    await expect(storeAt(url, { fetch: cutting }).put(id, new Blob(["the whole of it"]))).rejects.toMatchObject({ code: "STORE_FAILED" });
    await expect(storeAt(url).get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
  });

  it("behavior: Nextcloud is sent chunks, of which a broken connection costs one", async (context) => {
    apacheOrSkip(context);
    if (!server) return;
    const nextcloud = await startNextcloud(server);
    try {
      for (const folder of ["files", "uploads"]) await storeAt(`${server.url}/${folder}`).open();
      const sent: string[] = [];
      const counting: typeof fetch = async (input, init) => {
        if (init?.method === "PUT") sent.push(new Request(input).url.replace(/.*\//, ""));
        return fetch(input, init);
      };
      const store = storeAt(nextcloud.folder, { fetch: counting, retries: 2, retryDelayMs: 1 });
      const [id, size] = [crypto.randomUUID(), 12_000_000];
      const archive = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251);
      const progress: number[] = [];
      await store.open();
      nextcloud.loseNextChunk();
      await store.put(id, new Blob([archive]), { onProgress: (doneBytes) => progress.push(doneBytes) });
      expect(Buffer.compare(Buffer.from(await (await store.get(id)).arrayBuffer()), archive)).toBe(0);
      expect(sent).toEqual(["00001", "00001", "00002", "00003"]);
      expect(progress).toEqual([5_242_880, 10_485_760, size]);
      expect(nextcloud.refused).toEqual([]);
    } finally {
      await nextcloud.close();
    }
  });

  const answering =
    (body: string): typeof fetch =>
    async () =>
      new Response(body, { status: 207, headers: { "content-type": "application/xml" } });
  const response = (href: string, properties: string) =>
    `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
  const multistatus = (...responses: string[]) =>
    `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">${responses.join("")}</d:multistatus>`;
  const url = "https://cloud.example.com/files/";

  it("default: usage: is what the server tells, and unknown where it tells of no limit", async () => {
    const quota = (available: string) =>
      multistatus(
        response(
          "/files/",
          `<d:resourcetype><d:collection/></d:resourcetype><d:quota-used-bytes>10</d:quota-used-bytes><d:quota-available-bytes>${available}</d:quota-available-bytes>`,
        ),
      );
    expect(await storeAt(url, { fetch: answering(quota("90")) }).usage?.()).toEqual({ usedBytes: 10, totalBytes: 100 });
    expect(await storeAt(url, { fetch: answering(quota("-3")) }).usage?.()).toBeUndefined();
  });

  it("behavior: a server that refuses to make a folder, whatever lies above it, is asked no more", async () => {
    let asked = 0;
    const refusing: typeof fetch = async (input, init) => {
      asked += 1;
      if (asked > 20) throw new Error("It was asked for ever.");
      if (init?.method !== "MKCOL") return new Response(null, { status: 404 });
      return new Response(null, { status: new URL(new Request(input).url).pathname === "/files/" ? 409 : 405 });
    };
    await expect(storeAt(url, { fetch: refusing }).open()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      details: "The folder can't be created there.",
    });
  });

  it("behavior: what lies elsewhere is none of the folder's, whatever the server names", async () => {
    const name = `${crypto.randomUUID()}.xmtp`;
    const hostile = multistatus(
      ...[
        `https://evil.example.com/files/${name}`,
        `/other/${name}`,
        `/files/../${name}`,
        `/files/a/${name}`,
        `/files/%2e%2e%2f${name}`,
      ].map((href) => response(href, "<d:resourcetype/>")),
    );
    expect(await storeAt(url, { fetch: answering(hostile) }).unfinished()).toEqual([]);
  });

  it("behavior: XML that declares entities is refused", async () => {
    await expect(
      storeAt(url, { fetch: answering(`<!DOCTYPE a [<!ENTITY a "a">]>${multistatus(response("/files/", "&a;"))}`) }).open(),
    ).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: 10,000 archives are listed, each once", async () => {
    const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID());
    const all = multistatus(
      ...ids.map((id) => response(`/files/${id}.manifest.json`, "<d:resourcetype/><d:getcontentlength>36</d:getcontentlength>")),
    );
    const many: typeof fetch = async (input, init) =>
      init?.method === "PROPFIND" ? answering(all)(input, init) : new Response(new Request(input).url.slice(-50, -14));
    expect(await idsOf(storeAt(url, { fetch: many }))).toEqual(ids);
  });
});
