import { readdir, readFile } from "node:fs/promises";
import { type ArchiveEntry, describeRetention, planRetention } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";

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

describe("docs/architecture.md", () => {
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
