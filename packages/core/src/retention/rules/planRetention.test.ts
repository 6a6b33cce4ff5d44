import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchiveDetails, ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { RetentionReason } from "./retentionReason.ts";
import { addDuration } from "../../time/duration.ts";
import { type Keep, keepRules } from "./keep.ts";
import { planRetention, type RetentionScope } from "./planRetention.ts";
import { dayMs, hourMs, instantOf, wallAt } from "../../time/wallTime.ts";

const nowMs = Date.parse("2026-06-30T12:00Z");
const scope: RetentionScope = { nowMs, timeZone: "UTC", inboxId: "mine", installationIds: ["here"] };

function entry(
  id: string,
  createdAt: string | number,
  details: Partial<ArchiveDetails> | "unread" = {},
  chain?: readonly string[],
): ArchiveEntry {
  const createdAtMs = typeof createdAt === "number" ? createdAt : Date.parse(createdAt);
  const outline = { id, createdAtMs, sizeBytes: 1, keyFingerprint: "f" };
  if (details === "unread") return { ...outline, seal: "otherKey" };
  return {
    ...outline,
    seal: "open",
    ...(chain && { chain }),
    details: {
      inboxId: "mine",
      installationId: "here",
      elements: ["messages", "consent"],
      counts: { conversations: 0, messages: 0, consentRecords: 0 },
      conversations: [],
      sha256: "",
      records: 0,
      trigger: "schedule",
      verifiedAtMs: createdAtMs,
      ...details,
    },
  };
}

function kept(archives: readonly ArchiveEntry[], keep: Keep, changes: Partial<RetentionScope> = {}): string {
  const plan = planRetention(archives, keep, { ...scope, ...changes });
  return plan
    .filter(({ action }) => action === "keep")
    .map(({ id }) => id)
    .join(" ");
}

function reasons(archives: readonly ArchiveEntry[], keep: Keep, id: string): RetentionReason[] {
  return [...(planRetention(archives, keep, scope).find((decision) => decision.id === id)?.reasons ?? [])];
}

const daily = ["30", "29", "28", "27", "26"].map((day) => entry(day, `2026-06-${day}T02:00Z`));

describe("planRetention", () => {
  it("default: the newest n, newest first, whatever the order of the list", () => {
    const plan = planRetention([...daily].reverse(), { last: 2 }, scope);
    expect(plan.map(({ id, action }) => `${action} ${id}`)).toEqual(["keep 30", "keep 29", "remove 28", "remove 27", "remove 26"]);
    expect(plan[1]?.reasons).toEqual([{ reason: "last", place: 2, of: 2 }]);
    expect(plan[2]?.reasons).toEqual([{ reason: "noRule" }]);
    expect(planRetention([], { last: 2 }, scope)).toEqual([]);
  });

  it("parameters: periods keep the newest of each that holds an archive", () => {
    const archives = [
      entry("a", "2026-06-30T11:30Z"),
      entry("b", "2026-06-30T11:10Z"),
      entry("c", "2026-06-30T09:00Z"),
      entry("d", "2026-06-28T23:00Z"),
      entry("e", "2026-06-22T00:00Z"),
      entry("f", "2026-06-21T23:59Z"),
      entry("g", "2026-05-31T12:00Z"),
      entry("h", "2025-12-31T12:00Z"),
      entry("i", "2025-01-01T00:00Z"),
    ];
    expect(kept(archives, { hourly: 2 })).toBe("a c");
    expect(kept(archives, { daily: 3 })).toBe("a d e");
    expect(kept(archives, { weekly: 3 })).toBe("a d f");
    expect(kept(archives, { monthly: 3 })).toBe("a g h");
    expect(kept(archives, { yearly: 2 })).toBe("a h");
    expect(kept(archives, { daily: 2, monthly: 2 })).toBe("a d g");
    expect(kept(archives, { last: 0, yearly: 1 })).toBe("a");
    expect(kept(archives, { last: "all" })).toBe("a b c d e f g h i");
  });

  it("behavior: says every rule that keeps an archive", () => {
    expect(reasons(daily, { last: 1, daily: 2, within: "12h" }, "30")).toEqual([
      { reason: "last", place: 1, of: 1 },
      { reason: "period", period: "day", place: 1, of: 2 },
      { reason: "within", within: "12h", isByDate: true },
      { reason: "newestWhole" },
    ]);
  });

  it("behavior: keeps the oldest too while a rule has places left", () => {
    const archives = [entry("new", "2026-06-30T10:00Z"), entry("middle", "2026-06-30T09:00Z"), entry("old", "2026-06-30T08:00Z")];
    expect(kept(archives, { daily: 7 })).toBe("new old");
    expect(reasons(archives, { daily: 7 }, "old")).toEqual([{ reason: "oldest", period: "day", of: 7 }]);
    expect(kept(archives, { daily: 1 })).toBe("new");
  });

  it("parameters: timeZone, whose days count", () => {
    const archives = [
      entry("a", "2026-06-29T23:30Z"),
      entry("b", "2026-06-29T22:30Z"),
      entry("c", "2026-06-28T23:30Z"),
      entry("d", "2026-06-27T23:30Z"),
    ];
    expect(kept(archives, { daily: 2 })).toBe("a c");
    expect(kept(archives, { daily: 2 }, { timeZone: "Europe/Lisbon" })).toBe("a b");
  });

  it("parameters: within, before the newest archive and not before now", () => {
    const archives = [
      entry("a", "2026-03-31T00:00Z"),
      entry("b", "2026-03-01T00:00Z"),
      entry("c", "2026-02-28T00:00Z"),
      entry("d", "2025-03-30T23:59Z"),
    ];
    expect(kept(archives, { within: "31d" })).toBe("a b");
    expect(kept(archives, { within: "1m" })).toBe("a b");
    expect(kept(archives, { within: "1y" })).toBe("a b c");
    expect(kept(archives, { within: "2y" })).toBe("a b c d");
  });

  it("behavior: what the user pinned or named stays, beside the rules", () => {
    const archives = [
      entry("pinned", "2026-06-30T02:00Z", { pinned: true }),
      entry("named", "2026-06-29T02:00Z", { name: "Before iOS" }),
      ...daily.slice(2),
    ];
    expect(kept(archives, { last: 1 })).toBe("pinned named 28");
    expect(reasons(archives, { last: 1 }, "pinned")).toEqual([{ reason: "pinned" }, { reason: "newestWhole" }]);
    expect(reasons(archives, { last: 1 }, "named")).toEqual([{ reason: "named" }]);
    expect(kept(archives, { last: 1, pinned: false })).toBe("pinned");
  });

  it("behavior: never removes what it must not", () => {
    const unverified = { verifiedAtMs: undefined } as unknown as Partial<ArchiveDetails>;
    const archives = [
      entry("future", nowMs + 1, {}),
      entry("new", "2026-06-30T02:00Z", unverified),
      entry("unread", "2026-06-29T02:00Z", "unread"),
      entry("inbox", "2026-06-28T02:00Z", { inboxId: "theirs" }),
      entry("network", "2026-06-28T01:00Z", { network: "dev" }),
      entry("device", "2026-06-27T02:00Z", { installationId: "there" }),
      entry("verified", "2026-06-26T02:00Z", { name: "Mine" }),
      entry("verified before", "2026-06-25T02:00Z"),
      entry("child", "2026-06-24T02:00Z", { ...unverified, parent: "base" }),
      entry("base", "2026-06-23T02:00Z", { ...unverified, parent: "root" }),
      entry("root", "2026-06-22T02:00Z", unverified),
    ];
    const plan = planRetention(archives, { hourly: 1, pinned: false }, { ...scope, network: "production" });
    expect(plan.filter(({ action }) => action === "remove").map(({ id }) => id)).toEqual(["verified before", "child"]);
    const newestOfHour = { reason: "period", period: "hour", place: 1, of: 1 };
    expect(Object.fromEntries(plan.map(({ id, reasons: why }) => [id, why]))).toMatchObject({
      future: [{ reason: "future" }],
      new: [newestOfHour, { reason: "notWhole", why: "unverified" }],
      unread: [{ reason: "unreadable" }],
      inbox: [{ reason: "otherInbox" }],
      network: [{ reason: "otherNetwork" }],
      device: [{ reason: "otherInstallation" }],
      verified: [newestOfHour, { reason: "newestWhole" }],
      base: [{ reason: "base", neededBy: 1 }],
      root: [{ reason: "base", neededBy: 1 }],
    });
    const withoutDevices = planRetention(archives, { last: 1 }, { nowMs, timeZone: "UTC", inboxId: "mine" });
    expect(withoutDevices.find(({ id }) => id === "device")?.action).toBe("remove");
  });

  it("behavior: what a kept archive is based on stays, and says how many need it", () => {
    const row = [
      entry("third", "2026-06-30T02:00Z", {}, ["whole", "first", "second", "third"]),
      entry("second", "2026-06-29T02:00Z", {}, ["whole", "first", "second"]),
      entry("first", "2026-06-28T02:00Z", {}, ["whole", "first"]),
      entry("whole", "2026-06-27T02:00Z"),
      entry("before", "2026-06-26T02:00Z", {}, ["old", "before"]),
      entry("old", "2026-06-25T02:00Z"),
    ];
    const plan = planRetention(row, { last: 2 }, scope);
    expect(plan.filter(({ action }) => action === "remove").map(({ id }) => id)).toEqual(["before", "old"]);
    expect(plan.filter(({ action }) => action === "keep").map(({ id, reasons: why }) => [id, why.at(-1)])).toEqual([
      ["third", { reason: "newestWhole" }],
      ["second", { reason: "base", neededBy: 1 }],
      ["first", { reason: "base", neededBy: 2 }],
      ["whole", { reason: "base", neededBy: 2 }],
    ]);
  });

  it("behavior: manifests with absurd dates do no harm", () => {
    const archives = [entry("a", 1e300), entry("b", nowMs), entry("c", -1e300)];
    expect(kept(archives, { hourly: 1 })).toBe("a b");
    expect(kept(archives, { daily: 3, within: "1y" })).toBe("a b c");
  });
});

const zones = [
  "UTC",
  "America/New_York",
  "Europe/Lisbon",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Africa/Casablanca",
  "Pacific/Auckland",
];
const count = fc.option(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant("all" as const)), { nil: undefined });
const keeps = fc
  .record({
    last: count,
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
    within: fc.constantFrom(undefined, "36h", "30d", "1y6m"),
  })
  .filter((keep) => keepRules.some((rule) => keep[rule]) || keep.within !== undefined) as fc.Arbitrary<Keep>;
const ages = fc.oneof(
  fc.integer({ min: 0, max: 72 * 4 }).map((quarters) => quarters * 15 * 60_000),
  fc.integer({ min: 0, max: 1200 * 24 }).map((hours) => hours * hourMs),
);

describe("planRetention where no archive is whole", () => {
  const messages = (count: number, more: Partial<ArchiveDetails> = {}): Partial<ArchiveDetails> => ({
    counts: { conversations: 1, messages: count, consentRecords: 0 },
    conversations: [{ id: "c", messages: count }],
    ...more,
  });
  const lacks = { missingMessages: 0, lacks: { conversations: [{ id: "broken", isBroken: true }], ranges: [] } };
  const newer = (details: Partial<ArchiveDetails>) => daily.map(({ id, createdAtMs }) => entry(id, createdAtMs, details));

  it.each<[string, Partial<ArchiveDetails>, Partial<ArchiveDetails>]>([
    ["incomplete, then consent alone", messages(100, lacks), { elements: ["consent"] }],
    ["incomplete, then a part of the time", messages(100, lacks), messages(3, { startNs: 1n })],
    ["incomplete, then incomplete and far less", messages(100, lacks), messages(3, lacks)],
    ["messages alone, then consent alone", messages(100, { elements: ["messages"] }), { elements: ["consent"] }],
    ["messages alone, then far fewer of them", messages(100, { elements: ["messages"] }), messages(3, { elements: ["messages"] })],
    ["a part of the time, then consent alone", messages(100, { endNs: 5n }), { elements: ["consent"] }],
    [
      "without disappearing messages, then far fewer",
      messages(100, { withoutDisappearing: true }),
      messages(3, { withoutDisappearing: true }),
    ],
  ])("behavior: one with messages stays: %s", (_name, first, then) => {
    const archives = [...newer(then), entry("first", "2026-05-01T00:00Z", first)];
    expect(kept(archives, { last: 5 })).toContain("first");
    expect(kept(archives, { within: "1d" })).toContain("first");
  });

  it("behavior: one that was never verified stays while no other holds messages", () => {
    const { verifiedAtMs: _never, ...details } = entry("first", 0, messages(100)).details!;
    const first = { ...entry("first", "2026-05-01T00:00Z"), details } as ArchiveEntry;
    const archives = [...newer({ elements: ["consent"] }), first];
    expect(kept(archives, { within: "1d" })).toBe("30 first");
    expect(reasons(archives, { within: "1d" }, "first")).toContainEqual({ reason: "newestOfKind", isVerified: false });
  });

  it("behavior: a group whose messages disappear explains that they are missing where they were left out", () => {
    const conversations = [
      { id: "c", messages: 3 },
      { id: "timed", messages: 97, disappears: true },
    ];
    const first = entry(
      "first",
      "2026-05-01T00:00Z",
      messages(100, { conversations, counts: { conversations: 2, messages: 100, consentRecords: 0 } }),
    );
    expect(kept([...newer(messages(3, { withoutDisappearing: true })), first], { last: 1, larger: true })).toBe("30 first");
    expect(reasons([...newer(messages(3, { withoutDisappearing: true })), first], { last: 1 }, "29")).not.toContainEqual({
      reason: "holdsMore",
    });
    expect(reasons([...newer(messages(3, { withoutDisappearing: true })), first], { last: 1 }, "first")).toContainEqual({
      reason: "newestWhole",
    });
  });

  it("behavior: a timer that somebody set since then explains nothing of what is lost", () => {
    const counts = (messages: number) => ({ conversations: 1, messages, consentRecords: 0 });
    const timed = { counts: counts(3), conversations: [{ id: "c", messages: 3, disappears: true }] };
    const archives = [...newer(timed), entry("first", "2026-05-01T00:00Z", messages(100))];
    expect(reasons(archives, { last: 2 }, "first")).toEqual([{ reason: "holdsMore" }]);
    const before = entry("first", "2026-05-01T00:00Z", {
      counts: counts(100),
      conversations: [{ id: "c", messages: 100, disappears: true }],
    });
    expect(kept([...newer(timed), before], { last: 2 })).toBe("30 29");
  });

  it("behavior: an archive that is listed twice counts once, and is not removed in its second place", () => {
    const plan = planRetention([...daily, ...daily], { last: 2 }, scope);
    expect(plan.map(({ id, action }) => `${action} ${id}`)).toEqual(["keep 30", "keep 29", "remove 28", "remove 27", "remove 26"]);
  });
});

describe("planRetention on any list", () => {
  it("behavior: keeps what restic's rules keep", () => {
    fc.assert(
      fc.property(fc.uniqueArray(ages, { maxLength: 40 }), keeps, fc.constantFrom(...zones), (agesMs, keep, timeZone) => {
        const archives = agesMs.map((ageMs, index) => entry(`${index}`, nowMs - ageMs));
        expect(kept(archives, keep, { timeZone })).toBe(keptByLabels(archives, keep, timeZone));
      }),
      { numRuns: 2000 },
    );
  });

  it("behavior: protects what must never go, and says why of everything", () => {
    const details = fc.record({
      inboxId: fc.constantFrom("mine", "mine", "mine", "theirs"),
      installationId: fc.constantFrom("here", "here", "there"),
      pinned: fc.boolean(),
      verifiedAtMs: fc.constantFrom(undefined, 1),
      missingMessages: fc.constantFrom(undefined, undefined, 1),
      chain: fc.constantFrom(undefined, ["0"], ["3", "7"]),
      unread: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    });
    const lists = fc.array(fc.tuple(ages, details), { maxLength: 30 });
    fc.assert(
      fc.property(lists, keeps, fc.boolean(), fc.constantFrom(...zones), (list, keep, pinned, timeZone) => {
        const archives = list.map(([ageMs, { unread, chain, ...more }], index) =>
          entry(
            `${index}`,
            nowMs + 2 * dayMs - ageMs,
            unread ? "unread" : (more as Partial<ArchiveDetails>),
            chain && [...chain, `${index}`],
          ),
        );
        const plan = planRetention(archives, { ...keep, pinned }, { ...scope, timeZone });
        const stays = new Set(plan.filter(({ action }) => action === "keep").map(({ id }) => id));
        expect(plan.length).toBe(archives.length);
        expect(plan.every(({ reasons: why }) => why.length > 0)).toBe(true);
        const ours = archives.filter(
          ({ details: known, createdAtMs }) => known?.inboxId === "mine" && known.installationId === "here" && createdAtMs <= nowMs,
        );
        for (const archive of archives) if (!ours.includes(archive)) expect(stays).toContain(archive.id);
        for (const archive of archives) {
          const chain = archive.seal === "open" && stays.has(archive.id) ? (archive.chain ?? []) : [];
          for (const id of chain) if (archives.some((other) => other.id === id)) expect(stays).toContain(id);
        }
        const newest = (some: ArchiveEntry[]) => Math.max(...some.map(({ createdAtMs }) => createdAtMs));
        const verified = ours.filter(({ details: known }) => known?.verifiedAtMs !== undefined);
        const whole = verified.filter(({ details: known }) => known?.missingMessages === undefined);
        const best = whole.length > 0 ? whole : verified;
        if (best.length > 0) expect(best.some(({ id, createdAtMs }) => createdAtMs === newest(best) && stays.has(id))).toBe(true);
        if (ours.length > 0) expect(ours.some(({ id }) => stays.has(id))).toBe(true);
        if (pinned) for (const { id, details: known } of ours) if (known?.pinned) expect(stays).toContain(id);
      }),
      { numRuns: 1500 },
    );
  });

  it("behavior: a second plan of what was kept removes nothing that the first one kept as a period", () => {
    fc.assert(
      fc.property(fc.uniqueArray(ages, { maxLength: 40 }), fc.constantFrom(...zones), (agesMs, timeZone) => {
        const archives = agesMs.map((ageMs, index) => entry(`${index}`, nowMs - ageMs));
        const keep = { last: 3, daily: 5, weekly: 4, monthly: 6 };
        const once = kept(archives, keep, { timeZone });
        const left = archives.filter(({ id }) => once.split(" ").includes(id));
        expect(kept(left, keep, { timeZone })).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});

/** The same rules the long way: a label for the period of every archive, compared with the one before. */
function keptByLabels(archives: readonly ArchiveEntry[], keep: Keep, timeZone: string): string {
  const sorted = [...archives].sort((a, b) => b.createdAtMs - a.createdAtMs);
  const newestMs = sorted[0]?.createdAtMs ?? 0;
  const sinceMs = keep.within === undefined ? Infinity : instantOf(addDuration(wallAt(newestMs, timeZone), keep.within, -1), timeZone);
  const left = new Map(keepRules.map((rule) => [rule, keep[rule] === "all" ? Infinity : (keep[rule] ?? 0)]));
  const previous = new Map<string, string>();
  const ids = sorted.filter(({ createdAtMs }, index) => {
    let isKept = createdAtMs > sinceMs;
    for (const rule of keepRules) {
      const label = rule === "last" ? `${index}` : labelOf(rule, createdAtMs, timeZone);
      if ((left.get(rule) ?? 0) <= 0 || (previous.get(rule) === label && index !== sorted.length - 1)) continue;
      previous.set(rule, label);
      left.set(rule, (left.get(rule) ?? 0) - 1);
      isKept = true;
    }
    return isKept;
  });
  return ids.map(({ id }) => id).join(" ");
}

function labelOf(rule: (typeof keepRules)[number], createdAtMs: number, timeZone: string): string {
  const wallMs = wallAt(createdAtMs, timeZone);
  const text = new Date(wallMs).toISOString();
  switch (rule) {
    case "hourly":
      return text.slice(0, 13);
    case "daily":
      return text.slice(0, 10);
    case "weekly": {
      const monday = wallMs - ((new Date(wallMs).getUTCDay() + 6) % 7) * dayMs;
      return new Date(monday).toISOString().slice(0, 10);
    }
    case "monthly":
      return text.slice(0, 7);
    default:
      return text.slice(0, 4);
  }
}
