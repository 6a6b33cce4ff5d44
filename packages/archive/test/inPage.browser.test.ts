import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, type TestContext, test } from "vitest";
import { browserOrSkip } from "../../../test/browser/browserOrSkip.ts";
import { type BrowserPage, openPage } from "../../../test/browser/openPage.ts";
import { testKey, write } from "../test-support/archives.ts";
import type * as script from "../test-support/browserPage.ts";
import { groupRecord, messageRecord, metadataRecord } from "../test-support/records.ts";
import type { VectorIndex } from "../test-support/vectors.ts";

type Page = BrowserPage<typeof script>;

const vectors = new URL("../vectors/", import.meta.url);
const index = JSON.parse(await readFile(new URL("vectors.json", vectors), "utf8")) as VectorIndex;
const pathOf = (name: string): string => `/vectors/${name}.xmtp`;
const small = write([metadataRecord(), groupRecord(1), messageRecord(1, 1)]);
const smallPath = "/small.xmtp";
const codesOfFlips = [
  "ARCHIVE_DAMAGED",
  "ARCHIVE_KEY_OR_DAMAGE",
  "ARCHIVE_NOT_AN_ARCHIVE",
  "ARCHIVE_TRUNCATED",
  "ARCHIVE_UNSUPPORTED_VERSION",
];

const servedFiles = async (): Promise<Record<string, Uint8Array>> => {
  const files: Record<string, Uint8Array> = { [smallPath]: await small };
  for (const { name } of [...index.valid, ...index.invalid])
    files[pathOf(name)] = await readFile(new URL(`archives/${name}.xmtp`, vectors));
  return files;
};

let opening: Promise<Page> | undefined;

/** One browser for all tests of this file, started by the first that needs it. */
const pageFor = (context: TestContext): Promise<Page> => {
  const browserPath = browserOrSkip(context);
  const entry = new URL("../test-support/browserPage.ts", import.meta.url);
  return (opening ??= servedFiles().then((files) => openPage<typeof script>({ browserPath, entry, files })));
};

afterAll(() =>
  opening?.then(
    (page) => page.close(),
    () => {},
  ),
);

const ways: readonly script.Way[] = ["in batches", "as a page does", "record by record"];

describe("in Chromium", { timeout: 60_000 }, () => {
  test.for(index.valid)("vectors: valid, $name", async ({ name, keyHex = index.keyHex, report, records }, context) => {
    const page = await pageFor(context);
    for (const way of ways) expect(JSON.parse(await page.call("readWhole", pathOf(name), keyHex, way)), way).toEqual({ report, records });
  });

  test.for(index.invalid)("vectors: invalid, $name", async ({ name, keyHex = index.keyHex, code, byteOffset, recordIndex }, context) => {
    const page = await pageFor(context);
    const place = { ...(byteOffset !== undefined && { byteOffset }), ...(recordIndex !== undefined && { recordIndex }) };
    for (const way of ways) expect(await page.call("refusalOf", pathOf(name), keyHex, way), way).toEqual({ code, ...place });
  });

  test.for([
    { records: "decisions of consent", lengths: [100, 120, 120] },
    { records: "short texts", lengths: [310, 323, 340] },
    { records: "long texts", lengths: [200, 900, 1_000] },
    { records: "a picture", lengths: [100, 1_000, 300_000] },
  ])("behavior: $records are sealed to the same bytes, whichever way", async ({ lengths }, context) => {
    const page = await pageFor(context);
    const sealed = (way: script.Way) => page.call("sealLengths", index.keyHex, "feffffffffffffffffffffff", lengths, way);
    const { sha256 } = await sealed("in batches");
    // An importer that reads from a file needs empty records before long ones, which are sealed too: a call for each would cost more.
    expect(await sealed("as a page does")).toEqual({ each: 0, sha256 });
    const each = await sealed("record by record");
    expect(each.sha256).toBe(sha256);
    expect(each.each).toBeGreaterThanOrEqual(lengths.length);
  });

  // A page that hangs fails by the time limit, and closing ends it.
  test("behavior: every bit flipped gives a typed error or the same records", { timeout: 120_000 }, async (context) => {
    const page = await pageFor(context);
    const { codes, same, wrong } = await page.call("flipEachBit", smallPath, Buffer.from(testKey).toString("hex"));
    expect(wrong).toEqual([]);
    const refused = Object.values(codes).reduce((sum, count) => sum + count, 0);
    expect(refused + same).toBe((await small).length * 8);
    expect(Object.keys(codes).toSorted()).toEqual(codesOfFlips);
    // As in the size of the zstd window: a few bits of the frame's header mean nothing to these records.
    expect(same).toBeLessThan(16);
  });
});
