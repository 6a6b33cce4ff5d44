import { describe, expect, it } from "vitest";
import { classifyFile, filesOfKind } from "./classifyFile.ts";

const id = "3b241101-e2bb-4255-8caf-4136c566a962";
const other = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

describe("classifyFile", () => {
  it.each([
    [`${id}.xmtp`, "archive", id, "whole"],
    [`${id}.manifest.json`, "manifest", id, "whole"],
    ["key-ring.json", "document", "key-ring", "whole"],
    ["key-ring-laptop.json", "document", "key-ring-laptop", "whole"],
    [`.${id}.xmtp.icloud`, "archive", id, "placeholder"],
    [`.${id}.manifest.json.icloud`, "manifest", id, "placeholder"],
    [".key-ring.json.icloud", "document", "key-ring", "placeholder"],
    [`${id}.manifest 2.json`, "manifest", id, "copy"],
    [`${id}.manifest (1).json`, "manifest", id, "copy"],
    [`${id} (1).xmtp`, "archive", id, "copy"],
    [`${id}.manifest-DESKTOP-4711.json`, "manifest", id, "copy"],
    [`${id}.manifest-laptop.json`, "manifest", id, "copy"],
    [`${id}.manifest (Ann's conflicted copy 2026-11-25).json`, "manifest", id, "copy"],
    [`${id}.manifest.sync-conflict-20261125-120000-ABCDEFG.json`, "manifest", id, "copy"],
    [`.${id}.manifest 2.json.icloud`, "manifest", id, "copy"],
    ["key-ring 2.json", "document", "key-ring", "copy"],
    ["key-ring (1).json", "document", "key-ring", "copy"],
    ["key-ring-DESKTOP-4711.json", "document", "key-ring", "copy"],
    ["key-ring (conflicted copy 2026-11-25 120000).json", "document", "key-ring", "copy"],
    ["key-ring (In Konflikt stehende Kopie von Ann 2026-11-25).json", "document", "key-ring", "copy"],
    ["key-ring.sync-conflict-20261125-120000-ABCDEFG.json", "document", "key-ring", "copy"],
    ["key-ring_nas_Nov-25-120000-2026_Conflict.json", "document", "key-ring", "copy"],
    [`${id}.xmtp.${other}.part`, "archive", id, "partial"],
    [`${id}.manifest.json.${other}.part`, "manifest", id, "partial"],
    [`.syncthing.${id}.xmtp.tmp`, "archive", id, "arriving"],
    [`~syncthing~${id}.manifest.json.tmp`, "manifest", id, "arriving"],
    [`.${id}.xmtp.~5d3c2a1b`, "archive", id, "arriving"],
    [`${id}.xmtp.!sync`, "archive", id, "arriving"],
    [`.${id}.xmtp.Xy3aBc`, "archive", id, "arriving"],
  ])("parameters: name: %s", (name, kind, of, form) => {
    expect(classifyFile(name)).toEqual({ kind, of, form });
  });

  it.each([
    ".stfolder",
    ".dropbox.cache",
    ".DS_Store",
    "desktop.ini",
    "notes.manifest.json",
    "photo.xmtp",
    `${id}.txt`,
    `${id}.xmtp (conflicted copy)`,
    `.holiday.jpg.icloud`,
  ])("behavior: %s is none of ours", (name) => {
    expect(classifyFile(name)).toBeUndefined();
  });
});

it("filesOfKind default: gathers the forms of each, in order", () => {
  const names = [`${id}.manifest 2.json`, `${id}.manifest.json`, `.${other}.manifest.json.icloud`, `${id}.manifest (1).json`, `${id}.xmtp`];
  expect(filesOfKind(names, "manifest")).toEqual(
    new Map([
      [other, { placeholder: [`.${other}.manifest.json.icloud`] }],
      [id, { copy: [`${id}.manifest (1).json`, `${id}.manifest 2.json`], whole: [`${id}.manifest.json`] }],
    ]),
  );
});
