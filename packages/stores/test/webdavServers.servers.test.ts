import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { describe, expect } from "vitest";
import { meddlingProxy } from "./faults/meddlingProxy.ts";
import { authorization } from "./servers/davServer.ts";
import { davServers } from "./servers/davServers.ts";
import { davStoreAt } from "./servers/davStores.ts";
import { testServer } from "./servers/testServer.ts";

const hourAgoS = Math.floor(Date.now() / 1000) - 3_600;
const bytes = (...values: number[]) => new Uint8Array(values);

for (const { name, packages, start, writesRanges, orders, tellsQuota } of davServers) {
  describe(name, () => {
    const server = testServer(packages, start);
    const newUrl = () => `${server.now().url}/${crypto.randomUUID()}`;
    const setUp = async () => {
      const url = `${newUrl()}/a folder`;
      const reopen = () => davStoreAt(url);
      return { store: reopen(), reopen };
    };

    server.runContract("webdavStore", archiveStoreContract(setUp, { usage: tellsQuota }));
    server.runContract("webdavStore's documents", storeDocumentsContract(setUp));

    server.it("parameters: credentials: wrong ones are told as that, expired ones replaced", async ({ url }) => {
      await expect(davStoreAt(url, { credentials: () => authorization("wrong") }).open()).rejects.toMatchObject({
        code: "STORE_UNAUTHENTICATED",
      });
      await davStoreAt(url, { credentials: ({ refresh }) => authorization(refresh ? "secret" : "expired") }).open();
    });

    server.it("behavior: an archive and its manifest are there after an answer to a MOVE was lost", async ({ url }) => {
      let isLost = false;
      const proxy = await meddlingProxy(url, ({ request, response, forward }) => {
        if (request.method !== "MOVE" || isLost) return false;
        isLost = true;
        void forward().then((answer) => answer.resume().once("end", () => response.destroy()));
        return true;
      });
      try {
        const path = `/${crypto.randomUUID()}`;
        const direct = davStoreAt(url + path);
        const store = davStoreAt(proxy.url + path, { retries: 2, retryDelayMs: 1 });
        const id = crypto.randomUUID();
        await direct.open();
        await store.put(id, new Blob([bytes(1, 2, 3)]));
        expect(isLost).toBe(true);
        await store.putManifest(id, bytes(4));
        isLost = false;
        await store.putManifest(id, bytes(5, 6));
        expect(isLost).toBe(true);
        const manifests: number[][] = [];
        for await (const { manifest } of direct.list()) manifests.push([...manifest]);
        expect(manifests).toEqual([[5, 6]]);
        expect(new Uint8Array(await (await direct.get(id)).arrayBuffer())).toEqual(bytes(1, 2, 3));
      } finally {
        await proxy.close();
      }
    });

    server.it(
      `behavior: an upload ${writesRanges ? "goes on from its last chunk" : "begins again"} after a broken connection`,
      async () => {
        const url = newUrl();
        let [sentBytes, hasFailed] = [0, false];
        const breaking: typeof fetch = async (input, init) => {
          const size = init?.body instanceof Blob ? init.body.size : 0;
          if (init?.method === "PUT" && !hasFailed && sentBytes > 0) {
            hasFailed = true;
            throw new TypeError("The connection broke.");
          }
          const response = await fetch(input, init);
          if (init?.method === "PUT" && response.ok) sentBytes += size;
          return response;
        };
        const archive = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 31) % 251);
        const id = crypto.randomUUID();
        await davStoreAt(url).open();
        await davStoreAt(url, { fetch: breaking, retries: 2, retryDelayMs: 1 }).put(id, new Blob([archive]));
        expect(Buffer.compare(Buffer.from(await (await davStoreAt(url).get(id)).arrayBuffer()), archive)).toBe(0);
        expect(sentBytes > archive.length).toBe(!writesRanges);
      },
    );

    for (const kind of ["new", "changed"] as const) {
      const isOrdered = orders.includes(kind);
      server.it(
        `behavior: of two devices that write a ${kind} document at once, ${isOrdered ? "one is refused" : "the later one wins"}`,
        async ({ url: origin, files }) => {
          const [path, first, second] = [`/${crypto.randomUUID()}`, bytes(1), bytes(2, 2)];
          const [url, file] = [`${origin}${path}`, `${path}/key-ring.json`];
          const writeElsewhere = async (body: Uint8Array<ArrayBuffer>) => {
            const { ok } = await fetch(origin + file, { method: "PUT", body, headers: authorization() });
            // What was changed within the last second has no strong ETag yet.
            if (ok) await utimes(join(files, file), hourAgoS, hourAgoS);
            return ok;
          };
          await davStoreAt(url).open();
          if (kind === "changed") await writeElsewhere(bytes(0, 0, 0));
          const replaces = (await davStoreAt(url).getDocument?.("key-ring"))?.revision;
          const written: number[] = [];
          // The other device writes between this one's last look and its write.
          const late: typeof fetch = async (input, init) => {
            const isWrite = init?.method === "PUT" && new Request(input).url.endsWith("/key-ring.json");
            if (isWrite && (await writeElsewhere(first))) written.push(1);
            return fetch(input, init);
          };
          const outcome = await davStoreAt(url, { fetch: late })
            .putDocument?.("key-ring", second, { replaces })
            .then(
              () => undefined,
              (error: unknown) => error,
            );
          if (outcome === undefined) written.push(2);
          else expect(outcome).toMatchObject({ code: "STORE_CONFLICT" });
          expect(written).toHaveLength(isOrdered ? 1 : 2);
          expect((await davStoreAt(url).getDocument?.("key-ring"))?.bytes).toHaveLength(written.at(-1) ?? 0);
          expect((await readdir(join(files, path))).filter((each) => !each.startsWith("."))).toEqual(["key-ring.json"]);
        },
      );
    }
  });
}
