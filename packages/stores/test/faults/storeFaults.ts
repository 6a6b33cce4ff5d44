import { type ArchiveStore, type BackupErrorCode, isBackupError } from "@xmtp-backup/core";
import type { ContractCase } from "@xmtp-backup/testing";
import { listen } from "../loopback.ts";
import { cuttingProxy } from "./cuttingProxy.ts";
import { type Exchange, meddlingProxy } from "./meddlingProxy.ts";
import { seededRandom } from "./seededRandom.ts";

/** A new and empty place behind a real server; `open` makes a store that reaches it by another address. */
export type FaultySetUp = () => Promise<{ url: string; open: (url: string, timeoutMs?: number) => ArchiveStore }>;

const page = "<!doctype html><title>Sign in to the hotel's network</title>";

/**
 * What every remote store must survive, and how it must fail when it can't. Connections are cut after a random number of bytes, at most
 * `cutAfterBytes`: a store whose protocol sets the least chunk, or takes archives in one request, needs some that let one through.
 * Most cases give answers in the server's place. `answers: false` leaves those out, where another server's run of the same store has them.
 */
export function storeFaults(setUp: FaultySetUp, { cutAfterBytes = 400_000, answers = true } = {}): ContractCase[] {
  const behind = (
    name: string,
    meddle: (exchange: Exchange) => boolean | Promise<boolean>,
    run: (store: ArchiveStore, seen: string[], direct: ArchiveStore) => Promise<void>,
    timeoutMs?: number,
  ): ContractCase => ({
    name,
    async run() {
      const { url, open } = await setUp();
      const proxy = await meddlingProxy(url, meddle);
      try {
        await run(open(proxy.url, timeoutMs), proxy.seen, open(url));
      } finally {
        await proxy.close();
      }
    },
  });

  const throughServer: ContractCase[] = [
    {
      name: "behavior: connections cut at random bytes: an archive goes and comes whole",
      async run() {
        let cuts = 0;
        for (const seed of [1, 2, 3]) {
          const { url, open } = await setUp();
          const proxy = await cuttingProxy(url, seed, cutAfterBytes);
          try {
            await roundTrip(open(proxy.url), 1_500_000);
            cuts += proxy.cuts();
          } finally {
            await proxy.close();
          }
        }
        if (cuts < 3) throw new Error(`Only ${cuts} connections were cut.`);
      },
    },
    behind(
      "behavior: every fifth request fails: each archive is kept once",
      failing(({ response }) => response.writeHead(503).end()),
      keepsFive,
    ),
    behind(
      "behavior: every fifth answer is lost after the server has acted: each archive is kept once",
      failing(({ response, forward }) => {
        void forward().then((answer) => {
          answer.resume();
          response.destroy();
        });
      }),
      keepsFive,
    ),
    behind(
      "behavior: a slow server is waited for as long as it says something",
      async ({ request, response, forward }) => {
        if (request.method !== "GET") return false;
        const answer = await forward();
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        for await (const bytes of answer as AsyncIterable<Buffer>) {
          for (let at = 0; at < bytes.length; at += 1_000)
            await new Promise((resolve) => response.write(bytes.subarray(at, at + 1_000), resolve));
        }
        response.end();
        return true;
      },
      (store) => roundTrip(store, 300_000),
    ),
  ];
  if (!answers) return throughServer;
  return [
    ...throughServer,
    behind(
      "behavior: a silent server is given up",
      () => true,
      (store) => refuses(store, "STORE_UNAVAILABLE"),
      30,
    ),
    behind(
      "behavior: a web page is not taken for an answer, and not asked for twice",
      ({ response }) => {
        response.writeHead(200, { "content-type": "text/html" }).end(page);
        return true;
      },
      async (store, seen) => {
        await refuses(store, "STORE_UNAVAILABLE");
        await stores(store, "STORE_UNAVAILABLE");
        expectOnce(seen);
      },
    ),
    behind(
      "behavior: an endless answer is refused",
      ({ request, response }) => {
        response.writeHead(200, { "content-type": "application/json" });
        const chunk = Buffer.alloc(256 * 1024, 32);
        const more = () => {
          while (response.write(chunk));
          response.once("drain", more);
        };
        request.once("close", () => response.destroy());
        more();
        return true;
      },
      (store) => refuses(store, "STORE_FAILED"),
    ),
    behind(
      "behavior: an archive that ends early again and again is refused",
      ({ request, response }) => {
        if (request.method !== "GET") return false;
        response.writeHead(200, { "content-length": "1000" }).write(Buffer.alloc(10));
        response.socket?.end();
        return true;
      },
      async (store) => {
        await expectCode(store.get(crypto.randomUUID()), "STORE_UNAVAILABLE");
      },
    ),
    {
      name: "behavior: a redirect to another host is refused, and nothing is sent there",
      async run() {
        const heard: string[] = [];
        const other = await listen((request, response) => {
          heard.push(String(request.url));
          response.end();
        });
        const { url, open } = await setUp();
        const proxy = await meddlingProxy(url, ({ response }) => {
          response.writeHead(307, { location: other.url }).end();
          return true;
        });
        try {
          await refuses(open(proxy.url), "STORE_UNAVAILABLE");
          await stores(open(proxy.url), "STORE_UNAVAILABLE");
          if (heard.length > 0) throw new Error(`The other host heard ${heard.join(", ")}.`);
          expectOnce(proxy.seen);
        } finally {
          await Promise.all([proxy.close(), other.close()]);
        }
      },
    },
    ...(
      [
        [401, "STORE_UNAUTHENTICATED"],
        [403, "STORE_DENIED"],
        [413, "STORE_FULL"],
        [507, "STORE_FULL"],
        [418, "STORE_FAILED"],
      ] as const
    ).map(([status, code]) =>
      behind(
        `behavior: the answer ${status} is ${code}`,
        ({ response }) => {
          response.writeHead(status, { "content-type": "text/html" }).end(page);
          return true;
        },
        async (store) => {
          await refuses(store, code);
          await stores(store, code);
        },
      ),
    ),
    behind(
      "behavior: a refusal by a server whose clock differs names the clock",
      ({ response }) => {
        response.writeHead(403, { date: new Date(0).toUTCString() }).end();
        return true;
      },
      (store) => refuses(store, "STORE_CLOCK_SKEWED"),
    ),
  ];
}

/** Meddles with a fifth of the exchanges, the same ones in every run. */
function failing(meddle: (exchange: Exchange) => void): (exchange: Exchange) => boolean {
  const random = seededRandom(20);
  return (exchange) => {
    if (random() >= 0.2) return false;
    meddle(exchange);
    return true;
  };
}

async function roundTrip(store: ArchiveStore, size: number): Promise<void> {
  const id = crypto.randomUUID();
  const archive = Uint8Array.from({ length: size }, (_, index) => (index * 31) % 251);
  await store.put(id, new Blob([archive]));
  await store.putManifest(id, new Uint8Array([1]));
  const back = new Uint8Array(await (await store.get(id)).arrayBuffer());
  if (back.length !== size || !back.every((byte, index) => byte === archive[index]))
    throw new Error(`Other bytes came back: ${back.length} of ${size}.`);
}

async function keepsFive(store: ArchiveStore, seen: string[], direct: ArchiveStore): Promise<void> {
  for (let count = 0; count < 5; count++) await roundTrip(store, 200_000);
  const listed = await idsOf(direct);
  if (listed.length !== 5) throw new Error(`${listed.length} archives are listed.`);
  if ((await direct.unfinished()).length > 0) throw new Error("Something is left unfinished.");
  for (const id of listed) await store.remove(id);
  if ((await idsOf(direct)).length > 0) throw new Error("Something is left after the removal.");
  if (seen.length < 40) throw new Error(`Only ${seen.length} requests were made.`);
}

async function refuses(store: ArchiveStore, code: BackupErrorCode): Promise<void> {
  await expectCode(store.open(), code);
  await expectCode(idsOf(store), code);
}

async function stores(store: ArchiveStore, code: BackupErrorCode): Promise<void> {
  await expectCode(store.put(crypto.randomUUID(), new Blob(["x"])), code);
  await expectCode(store.putManifest(crypto.randomUUID(), new Uint8Array(1)), code);
}

async function expectCode(work: Promise<unknown>, code: BackupErrorCode): Promise<void> {
  const error = await work.then(
    () => "no error",
    (thrown: unknown) => thrown,
  );
  if (!isBackupError(error) || error.code !== code) throw new Error(`Expected ${code}, got ${String(error)}`, { cause: error });
  if (error.message.includes("hotel")) throw new Error("The error repeats what the server wrote.");
}

/** Each of `open`, `list`, `put` and `putManifest` gave up at its first request. */
function expectOnce(seen: readonly string[]): void {
  if (seen.length !== 4) throw new Error(`Asked more than once, or not at all: ${seen.join(", ")}`);
}

async function idsOf(store: ArchiveStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.list()) ids.push(id);
  return ids;
}
