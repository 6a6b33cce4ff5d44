import { inspect } from "node:util";
import { type ArchiveStore, BackupError, isBackupError } from "@xmtp-backup/core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { googleDriveStore } from "../src/google-drive/index.ts";
import { httpStore } from "../src/http/index.ts";
import { s3Store } from "../src/s3/index.ts";
import type { RemoteOptions } from "../src/transport/remoteOptions.ts";
import { webdavStore } from "../src/webdav/index.ts";
import { listen } from "./loopback.ts";

/** What none of them may hold, whatever fails. */
const secrets = ["SECRETTOKEN", "s3cretToken", "s3cretPassw0rd", "s3cretSignature", "c2VjcmV0QmFzaWM=", "QUtJQXNlY3JldA"];
const [token, password, signature] = ["s3cretToken", "s3cretPassw0rd", "s3cretSignature"] as const;

type Given = { url?: string; secret?: string; options?: Omit<RemoteOptions, "credentials">; credentials?: () => never };

/** Every store that speaks to a server, with the same secrets in its own kind of credentials. */
const stores: Record<string, (given?: Given) => ArchiveStore> = {
  httpStore: ({ url = base, secret = token, options, credentials } = {}) =>
    httpStore({
      url,
      retries: 1,
      retryDelayMs: 0,
      credentials: credentials ?? (() => ({ Authorization: `Bearer ${secret}`, "X-Second": "c2VjcmV0QmFzaWM=" })),
      ...options,
    }),
  webdavStore: ({ url = base, secret = password, options, credentials } = {}) =>
    webdavStore({
      url: `${url}/remote.php/dav/files/alice/Backups`,
      chunkBytes: 1_000,
      retries: 1,
      retryDelayMs: 0,
      credentials: credentials ?? (() => ({ Authorization: `Basic ${secret}` })),
      ...options,
    }),
  s3Store: ({ url = base, secret = token, options, credentials } = {}) =>
    s3Store({
      url: `${url}/bucket`,
      partBytes: 1_000,
      retries: 1,
      retryDelayMs: 0,
      credentials: credentials ?? (() => ({ accessKeyId: "QUtJQXNlY3JldA", secretAccessKey: `${password}+/x`, sessionToken: secret })),
      ...options,
    }),
  googleDriveStore: ({ url = base, secret = token, options, credentials } = {}) =>
    googleDriveStore({ url, retries: 1, retryDelayMs: 0, token: credentials ?? (() => secret), ...options }),
};
const base = "https://places.example.com";

/** Every call of a store; the archive is larger than a piece. */
const calls: Record<string, (store: ArchiveStore) => Promise<unknown>> = {
  open: (store) => store.open(),
  put: (store) => store.put(crypto.randomUUID(), new Blob(["x".repeat(2_000)])),
  putManifest: (store) => store.putManifest(crypto.randomUUID(), new Uint8Array(3)),
  list: async (store) => {
    for await (const entry of store.list()) void entry;
  },
  get: (store) => store.get(crypto.randomUUID()),
  remove: (store) => store.remove(crypto.randomUUID()),
  unfinished: (store) => store.unfinished(),
  usage: async (store) => store.usage?.(),
  getDocument: async (store) => store.getDocument?.("key-ring"),
  putDocument: async (store) => store.putDocument?.("key-ring", new Uint8Array(3), { replaces: undefined }),
};

/** An error as engines and libraries make them: it names the request everywhere. */
function talkative(init: RequestInit | undefined): Error {
  const headers = JSON.stringify(init?.headers ?? {});
  const cause = Object.assign(new Error(`invalid header ${headers} ${token}`, { cause: { headers, token } }), {
    code: "ECONNRESET",
    config: { headers, password },
  });
  const aggregate = Object.assign(
    new AggregateError([cause, new Error(password)], `at https://u:${password}@host/?X-Amz-Signature=${signature}`, { cause }),
    { request: init },
  );
  aggregate.name = `${token}Error`;
  return Object.assign(new TypeError(`fetch failed: ${headers}`, { cause: aggregate }), {
    input: `https://u:${password}@host/?sig=${signature}`,
    code: token,
  });
}

const echo = (init: RequestInit | undefined) => `${JSON.stringify(init?.headers)} ${secrets.join(" ")}`;
type Fetch = NonNullable<RemoteOptions["fetch"]>;
const answering =
  (answer: (init: RequestInit | undefined) => Response): Fetch =>
  async (_input, init) =>
    answer(init);
const redirecting = (location: string): Fetch => answering(() => new Response(null, { status: 307, headers: { location } }));

const failures: Record<string, Given> = {
  "the engine's error names the request": { options: { fetch: async (_input, init) => Promise.reject(talkative(init)) } },
  "an error whose kind and code are the secret": {
    options: {
      fetch: async () => Promise.reject(Object.assign(new Error("SECRETTOKEN"), { name: "SECRETTOKENError", code: "SECRETTOKEN" })),
    },
  },
  "what is thrown is text": { options: { fetch: async () => Promise.reject(`Bearer ${token}`) } },
  "an error of the app's own fetch with our brand": {
    options: {
      fetch: async (_input, init) => Promise.reject(new BackupError("STORE_DENIED", token, { details: password, cause: talkative(init) })),
    },
  },
  ...Object.fromEntries(
    [400, 401, 403, 404, 405, 409, 410, 412, 413, 416, 418, 423, 429, 500, 501, 503, 507].map((status) => [
      `the server answers ${status} and repeats the request`,
      {
        options: {
          fetch: answering(
            (init) =>
              new Response(echo(init), {
                status,
                statusText: token,
                headers: { "content-type": "text/plain", "x-echo": token, etag: `"${signature}"` },
              }),
          ),
        },
      },
    ]),
  ),
  "the server repeats the request as JSON": {
    options: { fetch: answering((init) => Response.json({ error: { message: echo(init), errors: [{ reason: token }] } })) },
  },
  "the server repeats the request as XML": {
    options: {
      fetch: answering(
        (init) => new Response(`<Error><Code>${token}</Code><Message>${btoa(echo(init))}</Message></Error>`, { status: 403 }),
      ),
    },
  },
  "the server repeats the request as a page": {
    options: { fetch: answering((init) => new Response(echo(init), { headers: { "content-type": "text/html" } })) },
  },
  "the body breaks off": {
    options: {
      fetch: async (_input, init) =>
        new Response(new ReadableStream({ start: (controller) => controller.error(talkative(init)) }), {
          headers: { "content-length": "9", etag: '"1"' },
        }),
    },
  },
  "a redirect to a signed address of another host": {
    options: { fetch: redirecting(`https://elsewhere.example.com/?X-Amz-Signature=${signature}`) },
  },
  "a redirect to an address with a user": { options: { fetch: redirecting(`https://u:${password}@places.example.com/?sig=${signature}`) } },
  "a redirect to no address": { options: { fetch: redirecting(`https://[${signature}`) } },
  "the server sends uploads to no address": {
    options: { fetch: answering(() => new Response("{}", { status: 201, headers: { location: `https://[${signature}` } })) },
  },
  "the server sends uploads to an address with a user": {
    options: {
      fetch: answering(() =>
        Response.json({ ids: ["a"] }, { status: 200, headers: { location: `https://u:${password}@places.example.com/${signature}` } }),
      ),
    },
  },
  "a line break in the secret": { secret: `${token}\n${password}` },
  "a zero in the secret": { secret: `${token}\0${password}` },
  "a character that no header has in the secret": { secret: `${token}\u2028${password}` },
  "the callback fails and names its request": {
    credentials: () => {
      throw talkative({ headers: { Authorization: token } });
    },
  },
  "the callback fails with an error of our brand": {
    credentials: () => {
      throw new BackupError("STORE_UNAUTHENTICATED", token, { details: password, cause: new Error(signature) });
    },
  },
  "the callback fails with text": {
    credentials: () => {
      throw token as unknown as Error;
    },
  },
};

const unreached: Fetch = async () => Promise.reject(new Error("It was asked."));

describe("no error holds a secret", () => {
  const logs = ["log", "info", "warn", "error", "debug"].map((name) => vi.spyOn(console, name as "log"));
  afterEach(() => {
    for (const log of logs) expect(log).not.toHaveBeenCalled();
  });

  /** The error with everything that hangs on it, hidden or not. */
  function expectNoSecret(error: unknown): void {
    expect(isBackupError(error)).toBe(true);
    const seen = [
      inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }),
      JSON.stringify(error),
      String(error),
    ];
    for (let each = error; each instanceof Error; each = each.cause)
      seen.push(
        each.name,
        each.message,
        String(each.stack),
        JSON.stringify(each),
        ...Object.getOwnPropertyNames(each).map((name) => inspect(Reflect.get(each, name), { depth: Infinity })),
      );
    for (const secret of secrets) for (const text of seen) expect(text).not.toContain(secret);
  }

  for (const [storeName, open] of Object.entries(stores)) {
    describe(storeName, () => {
      it.each(Object.entries(failures))("behavior: %s", async (_title, given) => {
        const outcomes = await Promise.all(
          Object.values(calls).map(async (call) =>
            call(open({ ...given, options: { fetch: unreached, ...given.options } })).then(
              () => undefined,
              (error: unknown) => error,
            ),
          ),
        );
        const errors = outcomes.filter((error) => error !== undefined);
        expect(errors.length).toBeGreaterThan(0);
        for (const error of errors) expectNoSecret(error);
      });

      it.each(["\n", "\r", "\r\nX-More: ", "\0"])(
        "behavior: a secret with %j in it is refused before anything is sent, as what it is",
        async (inside) => {
          for (const call of Object.values(calls)) {
            const error = await call(open({ secret: `${token}${inside}more`, options: { fetch: unreached } })).then(
              () => "done",
              (thrown: unknown) => thrown,
            );
            if (error === "done") continue;
            expect(error).toMatchObject({ code: "STORE_UNAUTHENTICATED", retryable: false });
            expectNoSecret(error);
          }
        },
      );

      it.each<[string, string]>([
        ["a user and a password", `https://alice:${password}@places.example.com`],
        ["a user", `https://${token}@places.example.com`],
        ["a user, encoded", `https://${token}:%0A${password}@places.example.com`],
        ["no address", `https://[${token}]:${password}`],
        ["another scheme", `ftp://alice:${password}@places.example.com`],
        ["no https", `http://alice:${password}@places.example.com`],
      ])("behavior: a url with %s is refused, and is in no error", (_title, url) => {
        const attempt = (): unknown => {
          try {
            return open({ url });
          } catch (error) {
            return error;
          }
        };
        const error = attempt();
        expect(error).toMatchObject({ code: "OPTIONS_INVALID" });
        expectNoSecret(error);
      });
    });
  }

  describe("on a real connection", () => {
    let close: () => Promise<void>;
    let url: string;
    beforeAll(async () => {
      ({ url, close } = await listen((request, response) => {
        if (request.method === "GET") return void response.destroy();
        response.writeHead(307, { location: `${url.replace("//", `//u:${password}@`)}/?sig=${signature}` }).end();
      }));
    });
    afterAll(() => close());

    it.each(Object.entries(stores))("behavior: %s: connections cut, redirects, and a port where nobody listens", async (_name, open) => {
      for (const place of [url, "http://127.0.0.1:1"]) {
        for (const call of Object.values(calls)) {
          const error = await call(open({ url: place })).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error !== undefined) expectNoSecret(error);
        }
      }
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ["an access key that is none", { credentials: { accessKeyId: `a\n${token}`, secretAccessKey: password } }],
    ["a secret key with a line break", { credentials: { accessKeyId: "a", secretAccessKey: `${password}\n` } }],
    ["a session token with a line break", { credentials: { accessKeyId: "a", secretAccessKey: "b", sessionToken: `${token}\nx` } }],
    ["a region that holds a secret", { region: `eu ${token}` }],
    ["a prefix that holds a secret", { prefix: `?sig=${signature}` }],
  ])("behavior: s3Store: %s is refused when the store is made", (_title, options) => {
    let error: unknown;
    try {
      s3Store({ url: base, credentials: { accessKeyId: "a", secretAccessKey: "b" }, ...options });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "OPTIONS_INVALID" });
    expectNoSecret(error);
  });
});
