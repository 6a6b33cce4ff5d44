import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type ArchiveEntry, describeRetention, planRetention } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { root } from "../scripts/packages/readPackages.ts";

const read = (name: string) => readFile(new URL(`../docs/${name}`, import.meta.url), "utf8");

function archive(day: string, details: Partial<NonNullable<ArchiveEntry["details"]>> = {}): ArchiveEntry {
  return {
    id: day,
    createdAtMs: Date.parse(`${day}T02:00Z`),
    sizeBytes: 1,
    keyFingerprint: "f",
    seal: "open",
    details: {
      inboxId: "me",
      installationId: "phone",
      elements: ["consent", "messages"],
      counts: { conversations: 1, messages: 1, consentRecords: 0 },
      conversations: [],
      sha256: "",
      records: 1,
      trigger: "schedule",
      verifiedAtMs: 1,
      ...details,
    },
  };
}

/** Names of other tools' options. */
const ofOthers: readonly string[] = ["skipLibCheck"];

describe("docs/retention.md", () => {
  it("default: its plan is what planRetention says", async () => {
    const archives = [
      archive("2026-03-29"),
      archive("2026-03-28"),
      archive("2026-03-22"),
      archive("2026-03-15", { name: "Before the move" }),
      archive("2026-03-08"),
      archive("2026-02-22"),
      archive("2026-02-15"),
      archive("2026-01-11"),
    ];
    const plan = planRetention(
      archives,
      { last: 2, weekly: 3, monthly: 2 },
      { nowMs: Date.UTC(2026, 2, 29, 12), timeZone: "UTC", inboxId: "me" },
    );
    const text = plan.map(({ id, action, reasons }) => `${id}  ${action.padEnd(6)}  ${describeRetention(reasons).join(" ")}\n`).join("");
    expect(await read("retention.md")).toContain(text);
  });
});

/** The sources of all packages, by their paths from the root. */
async function readSources(): Promise<ReadonlyMap<string, string>> {
  const packages = await readdir(join(root, "packages"));
  const folders = packages.map((name) => join(root, "packages", name, "src")).filter((folder) => existsSync(folder));
  const entries = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
  const files = entries
    .flat()
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(files.map(async (file) => [relative(root, file), await readFile(file, "utf8")] as const)));
}

/** What a page writes as code in its sentences and tables. */
const codeOf = (page: string): string[] =>
  [...page.replaceAll(/^```[^]*?^```/gmu, "").matchAll(/`([^`]+)`/gu)].map(([, code = ""]) => code);

/** Files and folders of the repository that a page names: from the root, or by the end of a source's path. */
function missingPaths(page: string, sources: readonly string[]): string[] {
  const paths = codeOf(page).filter(
    (code) => /^[\w.-]+(\/[\w.-]+)*\/?$/u.test(code) && /\/|\.(m?js|ts)$/u.test(code) && !code.startsWith("node_modules/"),
  );
  const isThere = (path: string) =>
    existsSync(join(root, path)) ||
    sources.some((source) => (path.endsWith("/") ? source.includes(`/${path}`) : `/${source}/`.includes(`/${path}/`)));
  return paths.filter((path) => !isThere(path));
}

describe.each(["docs/architecture.md", "AGENTS.md"])("%s", (path) => {
  it("default: each file and folder that it names is there", async () => {
    const page = await readFile(join(root, path), "utf8");
    expect(missingPaths(page, [...(await readSources()).keys()])).toEqual([]);
  });
});

describe("the files that a page names", () => {
  it("behavior: one that is gone is found", () => {
    expect(missingPaths("`a/b.ts`, `b.ts`, `c.ts` and `a/`, `d/`", ["packages/core/src/a/b.ts"])).toEqual(["c.ts", "d/"]);
  });
});

describe("docs/architecture.md", () => {
  it("default: each function and type that it names is in a source", async () => {
    const names = codeOf(await read("architecture.md")).filter((code) => /^[a-z]+[A-Z]\w*$|^[A-Z]\w*[a-z]\w*$/u.test(code));
    const words = new Set([...(await readSources()).values()].flatMap((source) => source.match(/\w+/gu) ?? []));
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !words.has(name) && !ofOthers.includes(name))).toEqual([]);
  });

  it("default: its table of behaviours names sources, by their whole paths", async () => {
    const [, section = ""] = (await read("architecture.md")).split("## Where to find things\n");
    const rows = (section.split("\n## ")[0] ?? "").split("\n").filter((line) => /^\| (?!\*\*|behaviour)\S/u.test(line));
    expect(rows.length).toBeGreaterThanOrEqual(24);
    const sources = await readSources();
    const wrong = rows.filter((row) => {
      const files = codeOf(row.split("|")[2] ?? "");
      return files.length === 0 || files.some((file) => !sources.has(file));
    });
    expect(wrong).toEqual([]);
  });

  it("default: its table of core names every folder, and no other", async () => {
    const entries = await readdir(join(root, "packages/core/src"), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const [, table = ""] = (await read("architecture.md")).split("| folder | concept | main file |");
    const named = [...(table.split("\n\n")[0] ?? "").matchAll(/^\| `([a-z]+)\/`/gmu)].map(([, name]) => name);
    expect(named.sort()).toEqual(folders.sort());
  });

  it("default: its table names every note of the journal, and no other", async () => {
    const folder = new URL("../packages/core/src/", import.meta.url);
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    const sources = await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")));
    const names = sources.flatMap((source) => [...source.matchAll(/= versionedNote<[^(]+>\("([a-z-]+)"/g)].map(([, name]) => name));
    const written = [...new Set(names)].sort();
    const [, table = ""] = (await read("architecture.md")).split("| note | what it holds |");
    const named = [...(table.split("\n\n")[0] ?? "").matchAll(/^ *\| `([a-z-]+)`/gm)].map(([, name]) => name).sort();
    expect(written).not.toHaveLength(0);
    expect(named).toEqual(written);
  });
});
