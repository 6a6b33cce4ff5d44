import { readFile } from "node:fs/promises";
import type { Download, Page } from "playwright-core";
import { expect, test } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import type * as script from "./pages/filesPage.ts";

// In a browser of its own: one in which a page has downloaded many files holds up the next.
const pageFor = onePage<typeof script>(async () => ({ entry: new URL("./pages/filesPage.ts", import.meta.url) }));

/** The next so many downloads of a page, in the order in which they begin. */
async function nextDownloads(page: Page, count: number): Promise<Download[]> {
  const downloads: Download[] = [];
  return new Promise((resolve) => {
    page.on("download", function add(download) {
      if (downloads.push(download) < count) return;
      page.off("download", add);
      resolve(downloads);
    });
  });
}

test("downloadStore, saveArchive default: a new archive is downloaded once, a saved one again, under names that people understand", async (context) => {
  const { page, call } = await pageFor(context);
  const downloading = nextDownloads(page, 2);
  await call("download", "the archive");
  const downloads = await downloading;
  expect(downloads.map((download) => download.suggestedFilename())).toEqual([
    expect.stringMatching(/^Me the \.\.app \d{4}-\d\d-\d\d \d\d\.\d\d\.xmtp$/),
    "Messenger 2026-03-29 14.05.xmtp",
  ]);
  for (const download of downloads) expect(await readFile(await download.path(), "utf8")).toBe("the archive");
});

test("pickArchive default: gives the file that the user chooses", async (context) => {
  const { page, call } = await pageFor(context);
  const [chooser, chosen] = [page.waitForEvent("filechooser"), call("choose")];
  await (await chooser).setFiles({ name: "any.name", mimeType: "", buffer: Buffer.from("the archive") });
  expect(await chosen).toBe("the archive");
});

test("pickArchive behavior: a dialog that is closed is an abort", async (context) => {
  const { page, call } = await pageFor(context);
  const [chooser, chosen] = [page.waitForEvent("filechooser"), call("choose")];
  await (await chooser).element().dispatchEvent("cancel");
  expect(await chosen).toBe("AbortError");
});

test("pickArchive parameters: signal: ends the waiting", async (context) => {
  const { call } = await pageFor(context);
  expect(await call("chooseAndAbort")).toBe(true);
});
