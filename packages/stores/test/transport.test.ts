import { BackupError, isBackupError } from "@xmtp-backup/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { httpStore } from "../src/http/index.ts";
import { download } from "../src/transport/download.ts";
import type { RemoteOptions } from "../src/transport/remoteOptions.ts";
import { retrying } from "../src/transport/retrying.ts";
import { TransientFailure } from "../src/transport/transientFailure.ts";
import { createTransport } from "../src/transport/transport.ts";

const failure = "It failed.";
const base = "https://backups.example.com/xmtp";

/** A server that gives these answers one after the other, and what it was asked. */
function answering(...answers: (Response | Error | (() => Response))[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch: NonNullable<RemoteOptions["fetch"]> = async (input, init = {}) => {
    asked.push({ url: input instanceof Request ? input.url : input.toString(), init });
    const answer = answers[asked.length - 1] ?? new Error("It was asked once more.");
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer() : answer;
  };
  return { fetch, asked };
}

const answer = (status: number, headers: Record<string, string> = {}, body: string | null = null) =>
  new Response(body, { status, headers });

function send(options: RemoteOptions, request: { method?: string; body?: string; signal?: AbortSignal; url?: string } = {}) {
  return createTransport(base, options).send({ method: "GET", url: "x", failure, ...request }, ({ response }) => response.text());
}

describe("transport", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([201, 204, 205])("behavior: the answer %i is none of a page in the way, whatever it calls itself", async (status) => {
    const { fetch } = answering(answer(status, { "content-type": "text/html; charset=UTF-8" }));
    await expect(send({ fetch }, { method: "PUT" })).resolves.toBe("");
  });

  const date = "Wed, 01 Jan 2025 00:00:00 GMT";
  it.each<[string, Record<string, string>]>([
    ["seconds", { "Retry-After": "7" }],
    ["a date of the server's clock", { Date: date, "Retry-After": "Wed, 01 Jan 2025 00:00:07 GMT" }],
  ])("behavior: a pause that the server asks for in %s is kept", async (_title, headers) => {
    const { fetch, asked } = answering(answer(429, headers), answer(200, {}, "there"));
    const sent = send({ fetch, retryDelayMs: 0 });
    await vi.advanceTimersByTimeAsync(6_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await sent).toBe("there");
  });

  it("behavior: a server that asks for more than a minute is not asked again", async () => {
    const { fetch, asked } = answering(answer(503, { "Retry-After": "61" }));
    await expect(send({ fetch })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    expect(asked).toHaveLength(1);
  });

  it("behavior: progress makes the retries begin anew, and every retry waits", async () => {
    const [times, startMs] = [[] as number[], Date.now()];
    let doneBytes = 0;
    const work = async () => {
      times.push(Date.now() - startMs);
      if (times.length <= 6) doneBytes++;
      throw new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure));
    };
    const outcome = retrying(work, { retries: 2, retryDelayMs: 100 }, () => doneBytes).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await outcome).toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(times).toHaveLength(8);
    for (const [index, atMs] of times.slice(1).entries()) expect(atMs - (times[index] ?? 0)).toBeGreaterThanOrEqual(100);
  });

  it("behavior: credentials that never come end with the time or with an abort", async () => {
    const credentials = () => new Promise<never>(() => {});
    const [late, controller, reason] = [send({ credentials, timeoutMs: 50, retries: 0 }), new AbortController(), new Error("Enough.")];
    const aborted = send({ credentials }, { signal: controller.signal });
    const outcomes = Promise.allSettled([late, aborted]);
    await vi.advanceTimersByTimeAsync(51);
    controller.abort(reason);
    expect(await outcomes).toMatchObject([{ reason: { code: "STORE_UNAVAILABLE" } }, { reason }]);
  });

  it("behavior: an abort ends a pause at once, with its reason", async () => {
    const { fetch, asked } = answering(answer(503, { "Retry-After": "30" }));
    const [controller, reason] = [new AbortController(), new Error("Enough.")];
    const outcome = send({ fetch, retryDelayMs: 0 }, { signal: controller.signal }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort(reason);
    await vi.advanceTimersByTimeAsync(0);
    expect(await outcome).toBe(reason);
    expect([asked.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it("parameters: timeoutMs: a silent server is given up, and asked again as often as said", async () => {
    let asked = 0;
    const fetch: NonNullable<RemoteOptions["fetch"]> = (_input, init) => {
      asked += 1;
      return new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error)));
    };
    const outcome = send({ fetch, timeoutMs: 50, retries: 2, retryDelayMs: 1 }).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await outcome).toMatchObject({ code: "STORE_UNAVAILABLE", details: "The server said nothing for too long." });
    expect(asked).toBe(3);
  });

  it.each([307, 308])("behavior: a redirect %i on the same host keeps method, body and credentials", async (status) => {
    const { fetch, asked } = answering(answer(status, { location: "/moved" }), answer(200, {}, "there"));
    expect(await send({ fetch, credentials: () => ({ Authorization: "Bearer a" }) }, { method: "PUT", body: "bytes" })).toBe("there");
    expect(asked.map(({ url, init }) => [url, init.method, init.body, init.headers])).toEqual([
      [`${base}/x`, "PUT", "bytes", { Authorization: "Bearer a" }],
      ["https://backups.example.com/moved", "PUT", "bytes", { Authorization: "Bearer a" }],
    ]);
  });

  it.each([301, 302, 303])("behavior: a redirect %i on the same host is followed", async (status) => {
    const { fetch, asked } = answering(answer(status, { location: "y" }), answer(200, {}, "there"));
    expect(await send({ fetch })).toBe("there");
    expect(asked.map(({ url, init }) => [url, init.method])).toEqual([
      [`${base}/x`, "GET"],
      [`${base}/y`, "GET"],
    ]);
  });

  it.each([
    ["to another host", "https://evil.example.com/x"],
    ["to the same host without TLS", "http://backups.example.com/x"],
    ["to another port", "https://backups.example.com:8443/x"],
    ["to no address", "https://"],
  ])("behavior: a redirect %s is refused before anything is sent", async (_title, location) => {
    const { fetch, asked } = answering(answer(307, { location }));
    await expect(send({ fetch })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(asked).toHaveLength(1);
  });

  it("behavior: redirects in circles end", async () => {
    const { fetch, asked } = answering(...Array.from({ length: 10 }, () => () => answer(307, { location: "x" })));
    await expect(send({ fetch })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", details: "It redirects in circles." });
    expect(asked.length).toBeLessThan(10);
  });

  it("parameters: credentials: new ones are asked for once, and not for what else is refused", async () => {
    const asks: boolean[] = [];
    const credentials = ({ refresh }: { refresh: boolean }) => {
      asks.push(refresh);
      return { Authorization: refresh ? "new" : "old" };
    };
    const { fetch } = answering(answer(401), answer(401), answer(403));
    await expect(send({ fetch, credentials })).rejects.toMatchObject({ code: "STORE_UNAUTHENTICATED" });
    expect(asks.splice(0)).toEqual([false, true]);
    await expect(send({ fetch, credentials })).rejects.toMatchObject({ code: "STORE_DENIED" });
    expect(asks).toEqual([false]);
  });

  it("parameters: url: is an address of HTTP", () => {
    for (const url of ["", "backups", "file:///etc", "ftp://example.com"]) {
      expect(() => createTransport(url)).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }) as Error);
    }
  });
});

describe("download", () => {
  const fetched = (options: RemoteOptions) => download(createTransport(base, { retryDelayMs: 0, ...options }), "x", {}, failure);

  it("behavior: an announced length of gigabytes takes no memory, and what is missing is asked for", async () => {
    const { fetch, asked } = answering(
      answer(200, { "content-length": "9999999999", etag: '"1"' }, "ab"),
      answer(206, { "content-range": "bytes 2-3/4", etag: '"1"' }, "cd"),
    );
    expect(await (await fetched({ fetch })).text()).toBe("abcd");
    expect(asked[1]?.init.headers).toEqual({ Range: "bytes=2-", "If-Range": '"1"' });
  });

  it("behavior: a file that was replaced in between is fetched from its beginning", async () => {
    const { fetch } = answering(
      answer(200, { "content-length": "4", etag: '"1"' }, "ab"),
      answer(200, { "content-length": "3", etag: '"2"' }, "xyz"),
    );
    expect(await (await fetched({ fetch })).text()).toBe("xyz");
  });

  it.each<[string, Response]>([
    ["more than was announced", answer(200, { "content-length": "1" }, "abc")],
    ["a length that is none", answer(200, { "content-length": "many" }, "abc")],
    ["a length without an end", answer(200, { "content-length": "Infinity" }, "abc")],
    ["a length below zero", answer(200, { "content-length": "-3" }, "abc")],
    ["a range that was not asked for", answer(206, { "content-range": "bytes 1-3/4" }, "bcd")],
    ["a range without a total", answer(206, { "content-range": "bytes 0-2/*" }, "abc")],
  ])("behavior: %s is refused", async (_title, response) => {
    const { fetch, asked } = answering(response);
    await expect(fetched({ fetch })).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(asked).toHaveLength(1);
  });
});

describe("download into a temporary file", () => {
  const spools: { bytes: string; error?: unknown }[] = [];
  beforeEach(() => void spools.splice(0));

  /** Reads as a host writes its files. */
  async function spool(bytes: ReadableStream<Uint8Array>): Promise<Blob> {
    const kept = { bytes: "" } as (typeof spools)[number];
    spools.push(kept);
    try {
      for await (const chunk of bytes) kept.bytes += new TextDecoder().decode(chunk);
    } catch (error) {
      kept.error = error;
      throw error;
    }
    return new Blob([kept.bytes]);
  }
  const fetched = (options: RemoteOptions, more: Parameters<typeof download>[2] = {}) =>
    download(createTransport(base, { retryDelayMs: 0, ...options }), "x", { spool, ...more }, failure);

  it("default: after a broken connection it goes on in the same file", async () => {
    const { fetch } = answering(
      answer(200, { "content-length": "4", etag: '"1"' }, "ab"),
      answer(206, { "content-range": "bytes 2-3/4", etag: '"1"' }, "cd"),
    );
    const seen: number[] = [];
    expect(await (await fetched({ fetch }, { onProgress: (doneBytes) => seen.push(doneBytes) })).text()).toBe("abcd");
    expect([spools, seen]).toEqual([[{ bytes: "abcd" }], [2, 4]]);
  });

  it("default: an empty file", async () => {
    expect((await fetched({ fetch: answering(answer(200, { "content-length": "0" })).fetch })).size).toBe(0);
  });

  it("behavior: a file that was replaced in between goes into a new one, and the old one is dropped", async () => {
    const { fetch } = answering(
      answer(200, { "content-length": "4", etag: '"1"' }, "ab"),
      answer(200, { "content-length": "3", etag: '"2"' }, "xyz"),
    );
    expect(await (await fetched({ fetch })).text()).toBe("xyz");
    expect(spools).toMatchObject([{ bytes: "ab", error: expect.any(Error) as Error }, { bytes: "xyz" }]);
  });

  it("behavior: what fails half-way leaves no file", async () => {
    const { fetch } = answering(answer(200, { "content-length": "4" }, "ab"), answer(403));
    await expect(fetched({ fetch })).rejects.toMatchObject({ code: "STORE_DENIED" });
    expect(spools).toMatchObject([{ bytes: "ab", error: { code: "STORE_DENIED" } }]);
  });

  it("behavior: an abort leaves no file, and rejects with its reason", async () => {
    const [controller, reason] = [new AbortController(), new Error("Enough.")];
    const { fetch } = answering(answer(200, { "content-length": "4" }, "ab"));
    const outcome = fetched({ fetch }, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(outcome).rejects.toBe(reason);
    expect(spools).toMatchObject([{ error: reason }]);
  });

  it.each<[string, (bytes: ReadableStream<Uint8Array>) => Promise<Blob>]>([
    ["before it is begun", () => Promise.reject(new Error("ENOSPC"))],
    [
      "half-way",
      async (bytes) => {
        for await (const _chunk of bytes) throw new Error("ENOSPC");
        return new Blob([]);
      },
    ],
  ])("behavior: a file that can't be written %s is told at once", async (_title, full) => {
    const { fetch, asked } = answering(answer(200, { "content-length": "2000000" }, "x".repeat(2_000_000)));
    await expect(fetched({ fetch }, { spool: full })).rejects.toMatchObject({
      code: "STORE_FAILED",
      details: "The fetched bytes could not be kept in a temporary file.",
    });
    expect(asked).toHaveLength(1);
  });
});

describe("httpStore, before a hostile server", () => {
  const json = (value: unknown) => () => Response.json(value);
  const listed = async (...pages: unknown[]) => {
    const ids: string[] = [];
    for await (const { id } of httpStore({ url: base, fetch: answering(...pages.map(json)).fetch }).list()) ids.push(id);
    return ids;
  };
  const [first, second] = ["0", "1"].map((digit) => `${digit}0000000-0000-4000-8000-000000000000`);
  const pageOf = (id: unknown, next?: unknown) => ({ archives: [{ id, manifest: "AA==" }], next });

  it("default: pages are read to the last", async () => {
    expect(await listed(pageOf(first, first), pageOf(second))).toEqual([first, second]);
  });

  it.each<[string, unknown[]]>([
    ["pages in circles", [pageOf(first, second), pageOf(second, first), pageOf(first, second)]],
    ["a page that leads to itself", [pageOf(first, first), pageOf(first, first)]],
    ["an id that leaves the place", [pageOf("../../etc/passwd")]],
    ["a manifest that is no Base64", [{ archives: [{ id: first, manifest: "<script>" }] }]],
    ["a page of another form", [{ archives: { length: 1e9 } }]],
    ["no page", [null]],
  ])("behavior: %s is refused", async (_title, pages) => {
    const error = await listed(...pages).catch((thrown: unknown) => thrown);
    expect(isBackupError(error) && error.code).toBe("STORE_FAILED");
  });

  it("behavior: a document without a revision, or too large, is refused", async () => {
    const { fetch } = answering(answer(200, {}, "x"), answer(200, { etag: '"1"' }, "x".repeat(1024 * 1024 + 1)));
    const store = httpStore({ url: base, fetch });
    for (let count = 0; count < 2; count++) await expect(store.getDocument?.("key-ring")).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: a document whose first answer was lost is stored, unless another came between", async () => {
    const replaced = (bytes: string) => answering(new TypeError("lost"), answer(412), answer(200, { etag: '"2"' }, bytes)).fetch;
    const put = (fetch: NonNullable<RemoteOptions["fetch"]>) =>
      httpStore({ url: base, retryDelayMs: 0, fetch }).putDocument?.("key-ring", new TextEncoder().encode("mine"), { replaces: '"1"' });
    await put(replaced("mine"));
    await expect(put(replaced("other"))).rejects.toMatchObject({ code: "STORE_CONFLICT" });
    await expect(put(answering(answer(412)).fetch)).rejects.toMatchObject({ code: "STORE_CONFLICT" });
  });
});
