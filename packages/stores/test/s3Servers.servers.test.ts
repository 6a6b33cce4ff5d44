import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { AwsClient } from "aws4fetch";
import { describe, expect } from "vitest";
import { s3Store, type S3StoreOptions } from "../src/s3/index.ts";
import { storeFaults } from "./faults/storeFaults.ts";
import { s3Servers } from "./servers/s3Servers.ts";
import { testServer } from "./servers/testServer.ts";

const newPrefix = () => `inboxes/${crypto.randomUUID()}/`;

for (const [index, { name, packages, start, orders }] of s3Servers.entries()) {
  describe(name, () => {
    const server = testServer(packages, start);
    const storeAt = (prefix: string, options: Partial<S3StoreOptions> = {}) => {
      const { url, accessKey } = server.now();
      return s3Store({ url, prefix, credentials: accessKey, retries: 0, partBytes: 256 * 1024, ...options });
    };
    const setUp = async () => {
      const prefix = newPrefix();
      return { store: storeAt(prefix), reopen: () => storeAt(prefix) };
    };

    server.runContract("s3Store", archiveStoreContract(setUp, { usage: false }));
    server.runContract("s3Store's documents", storeDocumentsContract(setUp));
    server.runContract(
      "s3Store, when things fail",
      storeFaults(
        async () => {
          const prefix = newPrefix();
          const { origin, pathname } = new URL(server.now().url);
          return {
            url: origin,
            open: (url, timeoutMs = 5_000) =>
              storeAt(prefix, { url: url + pathname, timeoutMs, partBytes: 64 * 1024, retries: 8, retryDelayMs: 1 }),
          };
        },
        { answers: index === 0 },
      ),
    );

    server.it("parameters: credentials: wrong ones are told as that, expired ones replaced", async ({ accessKey }) => {
      const wrong = { ...accessKey, secretAccessKey: "wrong" };
      await expect(storeAt(newPrefix(), { credentials: wrong }).open()).rejects.toMatchObject({ code: "STORE_UNAUTHENTICATED" });
      await storeAt(newPrefix(), { credentials: ({ refresh }) => (refresh ? accessKey : wrong) }).open();
    });

    server.it("behavior: an upload goes on from its last part after a broken connection", async () => {
      const prefix = newPrefix();
      let [sentBytes, hasFailed] = [0, false];
      const breaking: typeof fetch = async (input, init) => {
        if (init?.method !== "PUT") return fetch(input, init);
        if (!hasFailed && sentBytes > 0) {
          hasFailed = true;
          throw new TypeError("The connection broke.");
        }
        const response = await fetch(input, init);
        if (response.ok) sentBytes += (await new Response(init.body).arrayBuffer()).byteLength;
        return response;
      };
      const archive = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 31) % 251);
      const id = crypto.randomUUID();
      await storeAt(prefix, { fetch: breaking, retries: 2, retryDelayMs: 1 }).put(id, new Blob([archive]));
      expect(Buffer.compare(Buffer.from(await (await storeAt(prefix).get(id)).arrayBuffer()), archive)).toBe(0);
      expect([hasFailed, sentBytes]).toEqual([true, archive.length]);
    });

    for (const kind of ["new", "changed"] as const) {
      const isOrdered = orders.includes(kind);
      server.it(
        `behavior: of two devices that write a ${kind} document at once, ${isOrdered ? "the later one is refused" : "the later one wins"}`,
        async ({ url, accessKey }) => {
          const [prefix, first, second] = [newPrefix(), new Uint8Array([1]), new Uint8Array([2, 2])];
          const other = new AwsClient({ ...accessKey, service: "s3", region: "us-east-1", retries: 0 });
          const writeElsewhere = (body: Uint8Array<ArrayBuffer>) => other.fetch(`${url}/${prefix}key-ring.json`, { method: "PUT", body });
          if (kind === "changed") await writeElsewhere(new Uint8Array([0, 0, 0]));
          const replaces = (await storeAt(prefix).getDocument?.("key-ring"))?.revision;
          let isLate = false;
          // The other device writes between this one's look and its write.
          const late: typeof fetch = async (input, init) => {
            if (init?.method === "PUT" && !isLate) {
              isLate = true;
              await writeElsewhere(first);
            }
            return fetch(input, init);
          };
          const outcome = storeAt(prefix, { fetch: late }).putDocument?.("key-ring", second, { replaces });
          if (isOrdered) await expect(outcome).rejects.toMatchObject({ code: "STORE_CONFLICT" });
          else await outcome;
          expect((await storeAt(prefix).getDocument?.("key-ring"))?.bytes).toEqual(isOrdered ? first : second);
        },
      );
    }
  });
}
