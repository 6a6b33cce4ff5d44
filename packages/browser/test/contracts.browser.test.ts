import {
  archiveStoreContract,
  deviceContract,
  journalContract,
  keptArchivesContract,
  keyStoreContract,
  lockContract,
  storeDocumentsContract,
} from "@xmtp-backup/testing";
import { expect, test } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import { runContractInPage } from "../../../test/browser/runContractInPage.ts";
import type * as script from "./pages/contractsPage.ts";

const pageFor = onePage<typeof script>(async () => ({ entry: new URL("./pages/contractsPage.ts", import.meta.url) }));

/** The cases are run by the page, which sets them up there. */
const inPage = () => Promise.reject(new Error("This runs in a page only."));

runContractInPage({ contract: "indexedDbJournal", cases: journalContract(inPage), pageFor });
runContractInPage({ contract: "indexedDbKeys", cases: keyStoreContract(inPage), pageFor });
runContractInPage({ contract: "keptFiles", cases: keptArchivesContract(inPage), pageFor });
runContractInPage({ contract: "opfsStore", cases: archiveStoreContract(inPage), pageFor });
runContractInPage({ contract: "opfsStore's documents", cases: storeDocumentsContract(inPage), pageFor });
runContractInPage({ contract: "browserDevice", cases: deviceContract(inPage), pageFor });
runContractInPage({ contract: "webLock", cases: lockContract(inPage), pageFor });

test("webLock behavior: a holder that dies loses its lock", async (context) => {
  const page = await pageFor(context);
  expect(await page.call("lockOfFrame")).toEqual({ before: false, after: true });
});

test("indexedDbKeys default: archive keys lie wrapped, by a key that no script can read", async (context) => {
  const page = await pageFor(context);
  expect(await page.call("keysAtRest")).toEqual({ extractable: false, stored: [40], clear: false });
});

test("indexedDbKeys behavior: keys that are added at the same time are all kept", async (context) => {
  const page = await pageFor(context);
  expect(await page.call("addAtOnce", 8)).toBe(8);
});

test("indexedDbKeys behavior: a stored key that is damaged, or none, is left out and told, and stays where it is", async (context) => {
  const page = await pageFor(context);
  expect(await page.call("besideDamaged")).toEqual([2, 2, 4]);
});

test("indexedDbKeys behavior: keys whose wrapping key is gone are told as that", async (context) => {
  const page = await pageFor(context);
  expect(await page.call("withoutWrappingKey")).toBe("KEY_INVALID");
});

test("opfsStore behavior: an origin without room is told as that, and leaves nothing", async (context) => {
  const { page, call } = await pageFor(context);
  const devTools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devTools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  expect(await call("putOver", 3_000_000)).toEqual({ code: "STORE_FULL", listed: 0, unfinished: 0 });
  await devTools.send("Storage.overrideQuotaForOrigin", { origin });
});

test("keptFiles behavior: an origin without room is DEVICE_FULL, and keeps what was there", async (context) => {
  const { page, call } = await pageFor(context);
  const devTools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devTools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  expect(await call("keepOver", 3_000_000)).toEqual({ code: "DEVICE_FULL", sizes: [10] });
  await devTools.send("Storage.overrideQuotaForOrigin", { origin });
});

test("persistStorage default: says whether the browser keeps the data, and how much room there is", async (context) => {
  const page = await pageFor(context);
  const { isPersistent, usage } = await page.call("askToPersist");
  expect(typeof isPersistent).toBe("boolean");
  expect(usage?.totalBytes).toBeGreaterThan(0);
});
