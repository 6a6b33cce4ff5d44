import { archiveStoreContract, storeUsageCase } from "@xmtp-backup/testing";
import { expect, test } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import { runContractInPage } from "../../../test/browser/runContractInPage.ts";
import type * as script from "./pages/filesPage.ts";

const pageFor = onePage<typeof script>(async () => ({ entry: new URL("./pages/filesPage.ts", import.meta.url) }));

/** The cases are run by the page, which sets them up there. */
const cases = archiveStoreContract(() => Promise.reject(new Error("This runs in a page only.")));

// A page can't ask how full the user's disk is.
runContractInPage({ contract: "fileHandleStore", cases: cases.filter(({ name }) => name !== storeUsageCase), pageFor });
runContractInPage({ contract: "downloadStore", cases, pageFor });

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

test("fileHandleStore behavior: a full disk is told as that, and nothing is left", async (context) => {
  const { page, call } = await pageFor(context);
  const devTools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devTools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  expect(await call("putOver", 3_000_000)).toEqual({ code: "STORE_FULL", unfinished: 0 });
  await devTools.send("Storage.overrideQuotaForOrigin", { origin });
});
