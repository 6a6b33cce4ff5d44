import { startLocalNetwork } from "@xmtp-backup/local-network";
import { hostContract } from "@xmtp-backup/testing";
import { afterAll } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { onePage } from "../../../test/browser/onePage.ts";
import { runContractInPage } from "../../../test/browser/runContractInPage.ts";
import type * as script from "./pages/hostPage.ts";

const network = startLocalNetwork();
afterAll(async () => (await network).close());

const pageFor = onePage<typeof script>(async () => ({
  entry: new URL("./pages/hostPage.ts", import.meta.url),
  files: { ...(await browserSdkFiles()), "/network.json": JSON.stringify({ url: (await network).url }) },
}));

runContractInPage({
  contract: "browserHost",
  cases: hostContract(() => Promise.reject(new Error("This runs in a page only.")), { historySync: false, stitchedDmsApart: false }),
  pageFor,
});
