import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import { runContractInPage } from "../../../test/browser/runContractInPage.ts";
import type * as script from "./pages/filesPage.ts";

const pageFor = onePage<typeof script>(async () => ({ entry: new URL("./pages/filesPage.ts", import.meta.url) }));

/** The cases are run by the page, which sets them up there. */
const inPage = () => Promise.reject(new Error("This runs in a page only."));

// A page can't ask how full the user's disk is.
runContractInPage({ contract: "fileHandleStore", cases: archiveStoreContract(inPage, { usage: false }), pageFor });
runContractInPage({ contract: "downloadStore", cases: archiveStoreContract(inPage), pageFor });
for (const store of ["fileHandleStore", "downloadStore"])
  runContractInPage({ contract: `${store}'s documents`, cases: storeDocumentsContract(inPage), pageFor });

/** Gives the origin so many bytes while `run` runs. */
async function withQuota(page: Page, quotaSize: number, run: () => Promise<void>): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devTools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
  await run();
  await devTools.send("Storage.overrideQuotaForOrigin", { origin });
}

test("pickedDirectory default: the folder is remembered, until it is forgotten", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("remember")).toEqual({ before: "STORE_UNAVAILABLE", then: "granted", sameFolder: true, forgotten: "none" });
});

test("pickedDirectory behavior: a picker that the user closes is an abort, one that the browser refuses an error", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("pickWith", "AbortError")).toEqual({ outcome: "AbortError", access: "none" });
  expect(await call("pickWith", "SecurityError")).toEqual({ outcome: "STORE_DENIED", access: "none" });
});

test("fileHandleStore behavior: a folder that may not be used now is told as that, and the user can be asked again", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("permitted", "prompt", "granted")).toEqual({ access: "prompt", put: "STORE_DENIED", asked: "done" });
  expect(await call("permitted", "prompt", "denied")).toEqual({ access: "prompt", put: "STORE_DENIED", asked: "STORE_DENIED" });
  expect(await call("permitted", "denied", "denied")).toEqual({ access: "denied", put: "STORE_DENIED", asked: "STORE_DENIED" });
});

test("fileHandleStore behavior: a folder that is gone is not taken for an empty one", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("afterRemoval")).toEqual(Array.from({ length: 4 }, () => "STORE_UNAVAILABLE"));
});

test("fileHandleStore behavior: leaves what others keep in the folder", async (context) => {
  const { call } = await pageFor(context);
  const { unfinished, left } = await call("amongOthers");
  expect(unfinished).toBe(0);
  expect(left).toEqual([expect.stringMatching(/\.txt$/), expect.stringMatching(/conflicted copy/), "holiday.jpg"]);
});

test("fileHandleStore behavior: no other device's clock makes an upload old that a sync program brought", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("broughtBySync")).toEqual(["unknown"]);
});

test("fileHandleStore behavior: what a sync program has not brought is not taken for missing or garbage, what it kept twice counts once", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("besideSync")).toEqual({
    listing: "STORE_UNAVAILABLE",
    listedTwice: true,
    unfinished: 0,
    put: "STORE_FAILED",
    documents: ["STORE_UNAVAILABLE", "STORE_UNAVAILABLE"],
    copies: ["both 2.json"],
    copy: 3,
    listingThen: "done",
  });
});

test("fileHandleStore behavior: a full disk is told as that, and nothing is left", async (context) => {
  const { page, call } = await pageFor(context);
  await withQuota(page, 1_000_000, async () => {
    expect(await call("putOver", 3_000_000)).toEqual({ code: "STORE_FULL", unfinished: 0 });
  });
});

test("temporaryFiles default: keeps bytes in a file until they are released", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("keepTemporarily", "a slice")).toEqual({ text: "a slice", kept: 1, released: 0 });
});

test("temporaryFiles behavior: sweeping deletes what an earlier page left, and nothing that is in use", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("sweepBeside")).toEqual({ own: "of this page", left: 1 });
});

test("temporaryFiles behavior: what breaks, is aborted or finds no room leaves nothing", async (context) => {
  const { page, call } = await pageFor(context);
  expect(await call("keepBroken", "error")).toEqual({ outcome: "RangeError", left: 0 });
  expect(await call("keepBroken", "abort")).toEqual({ outcome: "TypeError", left: 0 });
  await withQuota(page, 1_000_000, async () => {
    expect(await call("keepBroken", "large")).toEqual({ outcome: "DEVICE_FULL", left: 0 });
  });
});

test("temporaryFiles behavior: bytes are kept in memory where a page can't write files", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("keepWithoutFiles", "a slice")).toEqual({ text: "a slice", files: 0 });
});
