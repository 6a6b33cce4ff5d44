import { archiveStoreContract, runContract, type StoreSetUp, storeDocumentsContract } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { httpStore } from "../src/http/index.ts";
import { startArchiveServer } from "./archiveServer.ts";
import { storeFaults } from "./faults/storeFaults.ts";

let server: Awaited<ReturnType<typeof startArchiveServer>>;
beforeAll(async () => {
  server = await startArchiveServer({ authenticate: (request) => request.headers.get("x-inbox") ?? undefined });
});
afterAll(() => server.dispose());

const setUp: StoreSetUp = async () => {
  const inbox = crypto.randomUUID();
  const reopen = () => httpStore({ url: server.url, chunkBytes: 256 * 1024, retries: 0, credentials: () => ({ "X-Inbox": inbox }) });
  return { store: reopen(), reopen };
};

runContract("httpStore", archiveStoreContract(setUp), { describe, it });
runContract("httpStore, its documents", storeDocumentsContract(setUp), { describe, it });

const faults = storeFaults(async () => {
  const credentials = () => ({ "X-Inbox": inbox });
  const inbox = crypto.randomUUID();
  return {
    url: server.url,
    open: (url, timeoutMs = 5_000) => httpStore({ url, timeoutMs, chunkBytes: 64 * 1024, retries: 8, retryDelayMs: 1, credentials }),
  };
});

runContract("httpStore, when things fail", faults, { describe, it });
