import { describe } from "vitest";
import { storeFaults } from "./faults/storeFaults.ts";
import { davServers } from "./servers/davServers.ts";
import { davStoreAt } from "./servers/davStores.ts";
import { testServer } from "./servers/testServer.ts";

/** An archive that goes in one request needs connections that let it through: half of these do. */
const cutAfterBytes = 2_500_000;

for (const [index, { name, packages, start, writesRanges }] of davServers.entries()) {
  describe(name, () => {
    const server = testServer(packages, start);
    const setUp = async () => {
      const { url: origin } = server.now();
      const path = `/${crypto.randomUUID()}`;
      await davStoreAt(`${origin}${path}`).open();
      return {
        url: origin,
        open: (url: string, timeoutMs = 5_000) => davStoreAt(url + path, { timeoutMs, chunkBytes: 64 * 1024, retries: 8, retryDelayMs: 1 }),
      };
    };
    server.runContract(
      "webdavStore, when things fail",
      storeFaults(setUp, { answers: index === 0, ...(!writesRanges && { cutAfterBytes }) }),
    );
  });
}
