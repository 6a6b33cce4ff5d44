import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { expect, test } from "vitest";
import { bundleEntry } from "../../../test/browser/bundleEntry.ts";
import { openOnce } from "../../../test/browser/openOnce.ts";
import { openProfile } from "../../../test/browser/openProfile.ts";
import { runContractInPage } from "../../../test/browser/runContractInPage.ts";
import type * as script from "./pages/oldSafariPage.ts";

const siteFor = openOnce(async (browserPath) => {
  const files = { "/fileWorker.js": await bundleEntry(new URL("../src/files/fileWorker.ts", import.meta.url)) };
  const profile = await openProfile<typeof script>({ browserPath, entry: new URL("./pages/oldSafariPage.ts", import.meta.url), files });
  const site = await profile.openSite();
  const page = site.openPage();
  return { page, openPage: () => site.openPage(), close: () => profile.close() };
});
const pageFor = async (context: Parameters<typeof siteFor>[0]) => (await siteFor(context)).page;

/** The cases are run by the page, which sets them up there. */
const inPage = () => Promise.reject(new Error("This runs in a page only."));

runContractInPage({ contract: "opfsStore", cases: archiveStoreContract(inPage), pageFor });
runContractInPage({ contract: "opfsStore's documents", cases: storeDocumentsContract(inPage), pageFor });

test("opfsStore behavior: an archive of several pieces is written by a worker, byte for byte", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("putAndGet", crypto.randomUUID(), 5_000_003)).toEqual({ given: 5_000_003, same: true });
});

test("opfsStore behavior: a page that is closed in the middle of a write lists nothing new, and what it left is removed", async (context) => {
  const { openPage } = await siteFor(context);
  const directory = crypto.randomUUID();
  const first = await openPage();
  await first.call("beginForEver", directory);
  await first.page.close();
  const { call } = await openPage();
  expect(await call("afterwards", directory)).toEqual({ listed: 1, unfinished: 1, left: 2, whole: "whole" });
});

for (const [title, what] of [
  ["no workers", "Worker"],
  ["no script for the worker", "script"],
] as const) {
  test(`opfsStore behavior: where there is ${title}, open says so and nothing is retried`, async (context) => {
    const { call } = await pageFor(context);
    expect(await call("openWithout", what)).toEqual({ code: "STORE_UNSUPPORTED", retryable: false });
  });
}

test("temporaryFiles default: keeps bytes in a file until they are released", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("keepTemporarily", "a slice")).toEqual({ text: "a slice", kept: 1, released: 0 });
});

test("temporaryFiles behavior: bytes are kept in memory where no file can be written", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("keepInMemory", "a slice")).toEqual({ text: "a slice", files: 0 });
});
