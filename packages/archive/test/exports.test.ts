import { expect, test } from "vitest";
import * as archive from "../src/index.ts";

test("the exports are these", () => {
  expect(Object.keys(archive).toSorted()).toMatchInlineSnapshot(`
    [
      "ArchiveError",
      "exportTranscript",
      "mergeArchives",
      "previewArchive",
      "readArchive",
      "splitArchive",
      "validateArchive",
      "writeArchive",
    ]
  `);
});
