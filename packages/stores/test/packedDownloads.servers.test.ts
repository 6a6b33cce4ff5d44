import { afterEach, describe, expect, it, vi } from "vitest";
import { httpStore } from "../src/http/index.ts";
import { s3Store } from "../src/s3/index.ts";
import { download } from "../src/transport/download.ts";
import { storedSize } from "../src/transport/storedSize.ts";
import { createTransport } from "../src/transport/transport.ts";
import { startArchiveServer } from "./archiveServer.ts";
import { accessKey, startS3Server } from "./s3/s3Server.ts";
import { packing } from "./webdav/apache.ts";
import { asPage, davStore, usingApache } from "./webdav/usingApache.ts";

const failure = "It failed.";
const base = "https://backups.example.com/";
/** A body that breaks off after its text, as a connection does. */
const broken = (text: string) => {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (isSent) return controller.error(new TypeError("terminated"));
      isSent = true;
      controller.enqueue(new TextEncoder().encode(text));
    },
  });
};
const answer =
  (status: number, headers: Record<string, string> = {}, body: ConstructorParameters<typeof Response>[0] = null) =>
  () =>
    new Response(body, { status, headers });

/** Fetches from a server that gives these answers one after the other; tells what came and which ranges were asked for. */
async function fetched(answers: (() => Response)[], maxBytes?: number, type?: Response["type"]) {
  const ranges: (string | null)[] = [];
  const send: typeof fetch = async (_input, init) => {
    ranges.push(new Headers(init?.headers).get("range"));
    const made = answers[ranges.length - 1]?.();
    if (!made) throw new Error("It was asked once more.");
    return type ? Object.defineProperty(made, "type", { value: type }) : made;
  };
  const blob = await download(
    createTransport(base, { fetch: send, retryDelayMs: 0 }),
    "x",
    { ...(maxBytes !== undefined && { maxBytes }) },
    failure,
  );
  return { text: await blob.text(), ranges };
}

describe("download, of what was packed on its way", () => {
  it.each<[string, Record<string, string>]>([
    ["without a length", {}],
    ["with the packed length, which is shorter", { "content-encoding": "gzip", "content-length": "2" }],
    ["with the packed length, which is longer", { "content-encoding": "br", "content-length": "9" }],
    ["packed twice", { "content-encoding": "gzip, br", "content-length": "9" }],
    ["said to be as it is", { "content-encoding": "identity", "content-length": "4" }],
  ])("default: %s", async (_title, headers) => {
    expect(await fetched([answer(200, headers, "abcd")])).toEqual({ text: "abcd", ranges: [null] });
    expect(await fetched([answer(200, headers, "abcd")], 4)).toEqual({ text: "abcd", ranges: [null] });
  });

  it.each<[string, () => Response]>([
    ["416", answer(416)],
    ["416 with another size", answer(416, { "content-range": "bytes */3" })],
    ["the whole", answer(200, {}, "abcd")],
    ["another range", answer(206, { "content-range": "bytes 0-1/4" }, "ab")],
    ["a range of the packed copy", answer(206, { "content-range": "bytes 2-2/3", "content-encoding": "gzip" }, "?")],
    ["a part of which nobody sees which it is", answer(206, {}, "cd")],
  ])("behavior: a range that is answered with %s: the file comes whole", async (title, other) => {
    const answers = [
      answer(200, { "content-encoding": "gzip" }, broken("ab")),
      other,
      ...(title === "the whole" ? [] : [answer(200, {}, "abcd")]),
    ];
    expect((await fetched(answers, 4)).text).toBe("abcd");
  });

  it("behavior: a server whose ranges are wrong is asked for none again", async () => {
    const whole = answer(200, {}, "abcd");
    const answers = [
      answer(200, {}, broken("ab")),
      answer(206, { "content-range": "bytes 0-1/4" }, "ab"),
      answer(200, {}, broken("abc")),
      whole,
    ];
    expect(await fetched(answers, 4)).toEqual({ text: "abcd", ranges: [null, "bytes=2-", null, null] });
  });

  it("behavior: a range without a total goes on", async () => {
    expect((await fetched([answer(200, {}, broken("ab")), answer(206, { "content-range": "bytes 2-3/*" }, "cd")], 4)).text).toBe("abcd");
  });

  it("behavior: 416 with the size that has come says that it was all", async () => {
    expect(await fetched([answer(200, {}, broken("abcd")), answer(416, { "content-range": "bytes */4" })])).toEqual({
      text: "abcd",
      ranges: [null, "bytes=4-"],
    });
  });

  it("behavior: an end that comes too early and without a word is no end, and one that comes twice is", async () => {
    expect((await fetched([answer(200, {}, "ab"), answer(206, { "content-range": "bytes 2-3/4" }, "cd")], 4)).text).toBe("abcd");
    expect((await fetched([answer(200, {}, "ab"), answer(200, {}, "ab")], 4)).text).toBe("ab");
    expect((await fetched([answer(200, {}, "ab"), answer(416)], 4)).text).toBe("ab");
  });

  it("behavior: more than maxBytes is refused at the first byte beyond, whatever was announced", async () => {
    for (const headers of [{}, { "content-encoding": "gzip", "content-length": "2" }, { "content-length": "5" }]) {
      await expect(fetched([answer(200, headers, "abcde")], 4)).rejects.toMatchObject({ code: "STORE_MISMATCH" });
    }
  });

  it("behavior: a file that was replaced in between is known by the size of the whole, where there is no tag", async () => {
    const answers = [
      answer(200, { "content-length": "4" }, broken("ab")),
      answer(206, { "content-range": "bytes 2-5/6" }, "3456"),
      answer(200, { "content-length": "6" }, "123456"),
    ];
    expect((await fetched(answers)).text).toBe("123456");
  });

  it("behavior: a tag with the name of a coding is the same tag, and no condition", async () => {
    const conditions: (string | null)[] = [];
    const answers = [answer(200, { etag: '"1-gzip"' }, broken("ab")), answer(206, { etag: 'W/"1"', "content-range": "bytes 2-3/4" }, "cd")];
    const send: typeof fetch = async (_input, init) => {
      conditions.push(new Headers(init?.headers).get("if-range"));
      return answers[conditions.length - 1]?.() ?? Response.error();
    };
    expect(await (await download(createTransport(base, { fetch: send, retryDelayMs: 0 }), "x", {}, failure)).text()).toBe("abcd");
    expect(conditions).toEqual([null, null]);
  });
});

describe("download in a page, which can't see that an answer was packed", () => {
  afterEach(() => vi.unstubAllGlobals());
  const inPage = (answers: (() => Response)[], maxBytes?: number) => {
    const { process } = globalThis;
    Reflect.deleteProperty(globalThis, "process");
    return fetched(answers, maxBytes, "cors").finally(() =>
      Object.defineProperty(globalThis, "process", { value: process, configurable: true, writable: true }),
    );
  };

  it.each([
    ["shorter", "2"],
    ["longer", "6"],
  ])("default: a length that is %s than what comes", async (_title, length) => {
    expect((await inPage([answer(200, { "content-length": length }, "abcd")], 4)).text).toBe("abcd");
  });

  it("behavior: without a size to go by, the end is looked for", async () => {
    expect(await inPage([answer(200, { "content-length": "6" }, "abcd"), answer(416)])).toEqual({
      text: "abcd",
      ranges: [null, "bytes=4-"],
    });
  });

  it("behavior: more than maxBytes is refused", async () => {
    await expect(inPage([answer(200, { "content-length": "2" }, "abcde")], 4)).rejects.toMatchObject({ code: "STORE_MISMATCH" });
  });
});

describe("storedSize", () => {
  /** The size as a server tells it that gives these answers; in a page they are of another origin. */
  const sized = async (answers: (() => Response)[], isPage = false) => {
    const { process } = globalThis;
    let asked = 0;
    const send: typeof fetch = async () => {
      const made = answers[asked++]?.() ?? Response.error();
      return isPage ? Object.defineProperty(made, "type", { value: "cors" }) : made;
    };
    if (isPage) Reflect.deleteProperty(globalThis, "process");
    try {
      return await storedSize(createTransport(base, { fetch: send, retries: 0 }), "x", {}, failure);
    } finally {
      Object.defineProperty(globalThis, "process", { value: process, configurable: true, writable: true });
    }
  };

  it("default: what is announced, unless it is of a packed copy", async () => {
    expect(await sized([answer(200, { "content-length": "300" }, "a")])).toBe(300);
    expect(await sized([answer(200, { "content-length": "30", "content-encoding": "gzip" }, "a")])).toBeUndefined();
    expect(await sized([answer(200, {}, "a")])).toBeUndefined();
  });

  it("behavior: a page, which can't see that, goes by the answer to a range", async () => {
    const unsure = answer(200, { "content-length": "30" }, "a");
    expect(await sized([unsure, answer(206, { "content-range": "bytes 0-299/300" }, "a")], true)).toBe(300);
    expect(await sized([unsure, answer(206, {}, "a")], true)).toBeUndefined();
    expect(await sized([unsure, answer(200, { "content-length": "30" }, "a")], true)).toBeUndefined();
    expect(await sized([answer(200, { "content-length": "0" })], true)).toBe(0);
  });
});

describe("archives from servers that pack what they send", () => {
  const packed = [
    ["mod_deflate", usingApache(packing.gzip)],
    ["mod_brotli", usingApache(packing.brotli)],
  ] as const;
  /** Half of it can be packed and half not, so that both lengths differ. */
  const archive = Uint8Array.from({ length: 2_000_000 }, (_, index) =>
    index < 1_000_000 ? 7 : (index * 7919 + (index >> 3) * 104_729) % 251,
  );

  it.for(packed)("default: webdavStore over %s", async ([, server], context) => {
    const url = `${server(context).url}/${crypto.randomUUID()}`;
    for (const send of [fetch, asPage]) {
      const [store, id] = [davStore(url, { fetch: send }), crypto.randomUUID()];
      await store.open();
      await store.put(id, new Blob([archive]));
      await store.putManifest(id, new Uint8Array([1]));
      for (const maxBytes of [archive.length, undefined]) {
        const back = await store.get(id, { ...(maxBytes !== undefined && { maxBytes }) });
        expect(Buffer.compare(Buffer.from(await back.arrayBuffer()), archive)).toBe(0);
      }
      await expect(store.get(id, { maxBytes: archive.length - 1 })).rejects.toMatchObject({ code: "STORE_MISMATCH" });
      expect(await store.sizeOf?.(id)).toBe(archive.length);
    }
  });

  it.for(packed)(
    "behavior: webdavStore over %s: a connection that is cut again and again costs no whole download",
    async ([, server], context) => {
      const url = `${server(context).url}/${crypto.randomUUID()}`;
      let passedBytes = 0;
      /** Each answer ends after 700 kB. */
      const cutting: typeof fetch = async (input, init) => {
        const response = await asPage(input, init);
        if (init?.method !== "GET") return response;
        let leftBytes = 700_000;
        const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>> | null)?.getReader();
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            const next = await reader?.read();
            if (!next || next.done) return controller.close();
            const passing = next.value.subarray(0, leftBytes);
            leftBytes -= passing.length;
            passedBytes += passing.length;
            if (passing.length > 0) controller.enqueue(passing);
            if (leftBytes === 0) controller.error(new TypeError("terminated"));
          },
        });
        return new Response(body, { status: response.status, headers: response.headers });
      };
      const [store, id] = [davStore(url, { fetch: cutting, retries: 1 }), crypto.randomUUID()];
      await store.open();
      await store.put(id, new Blob([archive]));
      const back = await store.get(id, { maxBytes: archive.length });
      expect(Buffer.compare(Buffer.from(await back.arrayBuffer()), archive)).toBe(0);
      expect(passedBytes).toBeLessThan(archive.length * 1.5);
    },
  );

  it("default: s3Store and httpStore ask for what is stored, and say how large it is", async () => {
    const [s3, http] = await Promise.all([startS3Server(), startArchiveServer()]);
    const asked: Record<string, (string | null)[]> = {};
    const noting =
      (name: string): typeof fetch =>
      async (input, init) => {
        const headers = new Headers(init?.headers);
        if (init?.method === "GET" && new Request(input).url.includes(id))
          (asked[name] ??= []).push(headers.get("accept-encoding") ?? headers.get("range"));
        return fetch(input, init);
      };
    const id = crypto.randomUUID();
    try {
      const stores = {
        s3: s3Store({ url: s3.url, credentials: accessKey, retries: 0, fetch: noting("s3") }),
        http: httpStore({ url: http.url, credentials: () => ({ Authorization: "Bearer alice" }), retries: 0, fetch: noting("http") }),
      };
      for (const [name, store] of Object.entries(stores)) {
        await store.put(id, new Blob([archive]));
        asked[name] = [];
        expect(await store.sizeOf?.(id)).toBe(archive.length);
        expect((await store.get(id)).size).toBe(archive.length);
        expect(asked[name]).toEqual(["identity", "identity"]);
      }
    } finally {
      await Promise.all([s3.dispose(), http.dispose()]);
    }
  });
});
