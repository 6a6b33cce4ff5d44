import { describe, expect, it } from "vitest";
import { googleDriveStore } from "../src/google-drive/index.ts";
import { httpStore } from "../src/http/index.ts";
import { s3Store } from "../src/s3/index.ts";
import type { RemoteOptions } from "../src/transport/remoteOptions.ts";
import { createTransport } from "../src/transport/transport.ts";
import { webdavStore } from "../src/webdav/index.ts";

const stores: Record<string, (url: string, options?: RemoteOptions) => unknown> = {
  httpStore: (url, options) => httpStore({ url, ...options }),
  webdavStore: (url, options) => webdavStore({ url, ...options }),
  s3Store: (url, { credentials: _credentials, ...options } = {}) =>
    s3Store({ url, credentials: { accessKeyId: "a", secretAccessKey: "b" }, ...options }),
  googleDriveStore: (url, { credentials: _credentials, ...options } = {}) => googleDriveStore({ url, token: () => "t", ...options }),
};
const invalid = expect.objectContaining({ code: "OPTIONS_INVALID", retryable: false }) as Error;

describe.each(Object.entries(stores))("%s, where it may speak to", (_name, open) => {
  it.each([
    "http://backups.example.com",
    "http://192.168.1.5:8080/dav",
    "http://10.0.0.1",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://0.0.0.0",
    "http://[::2]",
    "http://127.example",
    "HTTP://Backups.Example.com",
    "http:backups.example.com",
  ])("default: %s is refused, and let be with allowInsecure", (url) => {
    expect(() => open(url)).toThrow(invalid);
    expect(() => open(url, { allowInsecure: false })).toThrow(invalid);
    expect(() => open(url, { allowInsecure: "yes" as unknown as boolean })).toThrow(invalid);
    open(url, { allowInsecure: true });
  });

  it.each([
    "https://backups.example.com",
    "http://localhost:8080",
    "http://app.localhost/x",
    "http://127.0.0.1:1",
    "http://127.1",
    "http://[::1]:8080/",
    "HTTPS://EXAMPLE.COM/x",
  ])("default: %s is let be", (url) => {
    open(url);
  });

  it.each([
    "",
    "backups",
    "file:///etc",
    "ftp://example.com",
    "https://",
    "https://u@example.com",
    "https://u:p@example.com",
    "https://:p@example.com",
    "http://u:p@localhost",
    "https://example.com/?sig=x",
    "https://example.com/x?",
    "https://example.com/#x",
  ])("behavior: %j is no address of a store, not even with allowInsecure", (url) => {
    expect(() => open(url, { allowInsecure: true })).toThrow(invalid);
  });

  it.each<RemoteOptions>([
    { timeoutMs: 0 },
    { timeoutMs: NaN },
    { timeoutMs: Infinity },
    { timeoutMs: 2 ** 31 },
    { retries: -1 },
    { retries: 1.5 },
    { retries: NaN },
    { retryDelayMs: -1 },
    { retryDelayMs: NaN },
    { fetch: "fetch" as unknown as typeof fetch },
  ])("parameters: %o is refused", (options) => {
    expect(() => open("https://example.com", options)).toThrow(invalid);
  });

  it("parameters: what is undefined is the default", () => {
    open("https://example.com", {
      timeoutMs: undefined,
      retries: undefined,
      retryDelayMs: undefined,
      fetch: undefined,
    } as unknown as RemoteOptions);
  });
});

describe("sizes of pieces", () => {
  it.each([0, -1, 1.5, NaN, Infinity])("parameters: %d is refused", (bytes) => {
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    for (const open of [
      () => httpStore({ url: "https://example.com", chunkBytes: bytes }),
      () => webdavStore({ url: "https://example.com", chunkBytes: bytes }),
      () => s3Store({ url: "https://example.com", credentials, partBytes: bytes }),
      () => googleDriveStore({ token: () => "t", chunkBytes: bytes }),
    ]) {
      expect(open).toThrow(invalid);
    }
  });
});

describe("credentials", () => {
  const send = (given: unknown) =>
    createTransport("https://example.com", {
      retries: 0,
      credentials: () => given as Record<string, string>,
      fetch: async () => new Response("there"),
    }).send({ method: "GET", url: "x", failure: "It failed." }, ({ response }) => response.text());

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", "Bearer x"],
    ["a list", [["Authorization", "x"]]],
    ["Headers", new Headers({ Authorization: "x" })],
    ["a value that is none", { Authorization: undefined }],
    ["a value of another kind", { Authorization: 5 }],
    ["a name with a space", { "Bearer x": "y" }],
    ["a name with a line break", { "X\n": "y" }],
    ["no name", { "": "y" }],
    ["a value with a line break at its end", { Authorization: "Bearer x\n" }],
    ["a value of other letters", { Authorization: "Bearer я" }],
  ])("behavior: %s: they can't be sent", async (_title, given) => {
    await expect(send(given)).rejects.toMatchObject({ code: "STORE_UNAUTHENTICATED", shortMessage: "It failed." });
  });

  it.each<[string, unknown]>([
    ["none", {}],
    ["usual ones", { Authorization: "Bearer a.b-c_d~e+f/g==", "X-Inbox": "" }],
    ["a value of Latin letters", { "X-Name": "Jürgen" }],
  ])("behavior: %s are sent", async (_title, given) => {
    expect(await send(given)).toBe("there");
  });
});
