import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { SyncArchive } from "../../ports/syncArchive.ts";
import { recommendRestore, type RestoreFacts, type RestoreGoal } from "./recommendRestore.ts";
import { verifiedArchive } from "../../../test/verifiedArchive.ts";
import { dayMs, minuteMs } from "../../time/wallTime.ts";

const nowMs = Date.parse("2026-06-10T12:00Z");

/** A verified archive of 100 messages, called by its age in days. */
function archive(daysAgo: number, details: Partial<NonNullable<ArchiveEntry["details"]>> & { messages?: number } = {}): ArchiveEntry {
  const { messages = 100, ...changes } = details;
  const entry = verifiedArchive(0, nowMs - daysAgo * dayMs, "mine");
  const counts = { conversations: 1, messages, consentRecords: 0 };
  return {
    ...entry,
    id: `${daysAgo}d`,
    seal: "open",
    details: { ...(entry.details as NonNullable<ArchiveEntry["details"]>), counts, ...changes },
  };
}

function unverified(daysAgo: number): ArchiveEntry {
  const entry = archive(daysAgo);
  const { verifiedAtMs: _never, ...details } = entry.details as NonNullable<ArchiveEntry["details"]>;
  return { ...entry, seal: "open", details };
}

const sealed = (daysAgo: number, seal: "otherKey" | "damaged" | "unsupported"): ArchiveEntry => ({
  ...archive(daysAgo),
  seal,
  details: undefined,
});
const marked = (daysAgo: number): ArchiveEntry => ({ ...archive(daysAgo), isOtherNetwork: true }) as ArchiveEntry;
const offered = (minutesAgo: number, elements: SyncArchive["elements"] = ["consent", "messages"]): SyncArchive => ({
  pin: `${minutesAgo}min`,
  exportedAtMs: nowMs - minutesAgo * minuteMs,
  elements,
  installationId: "laptop",
});

const facts = (given: Partial<RestoreFacts> = {}): RestoreFacts => ({
  otherInstallationOnline: false,
  archives: [],
  inboxId: "mine",
  nowMs,
  ...given,
});
const online = { otherInstallationOnline: true };

/** The outcome in one line: the route, what to take, why, and what next. */
function inShort(given: Partial<RestoreFacts>): string {
  const { route, archive: id, older, pin, reasons, then } = recommendRestore(facts(given));
  const taken = [id, older && `older ${older}`, pin && `pin ${pin}`].filter(Boolean).join(", ");
  return `${route}${taken && ` ${taken}`}: ${reasons.join(" ")} → ${then.join(" ")}`;
}

describe("recommendRestore", () => {
  it("parameters: installationId: what a new device backed up before it was restored does not stand before the history", () => {
    const archives = [
      archive(0.1, { installationId: "new", messages: 3 }),
      archive(1, { installationId: "old" }),
      archive(8, { installationId: "old" }),
    ];
    expect(recommendRestore(facts({ archives, installationId: "new" })).archive).toBe("1d");
    expect(recommendRestore(facts({ archives })).archive).toBe("0.1d");
    const restored = [archive(0.1, { installationId: "new", messages: 103 }), ...archives.slice(1)];
    expect(recommendRestore(facts({ archives: restored, installationId: "new" })).archive).toBe("0.1d");
    expect(recommendRestore(facts({ archives: archives.slice(0, 1), installationId: "new" })).archive).toBe("0.1d");
  });

  it("behavior: facts that are missing, mistyped or of another kind are refused, so that nobody is told that there is no history", () => {
    const { archives: _archives, ...without } = facts();
    const wrong: unknown[] = [
      undefined,
      null,
      [],
      without,
      { archives: {} },
      { archives: "1d" },
      { archives: Promise.resolve([]) },
      { goal: "replacedevice" },
      { goal: 1 },
      { goal: "toString" },
      { inboxId: "" },
      { inboxId: undefined },
      { nowMs: NaN },
    ];
    wrong.push(
      { nowMs: new Date() },
      { otherInstallationOnline: undefined },
      { otherInstallationOnline: "no" },
      { syncArchives: {} },
      { sharedIdentiy: true },
      { network: 5 },
    );
    for (const given of wrong) {
      const isWhole = given === undefined || given === null || Array.isArray(given) || given === without;
      expect(() => recommendRestore((isWhole ? given : { ...facts(), ...given }) as RestoreFacts)).toThrow(
        expect.objectContaining({ code: "OPTIONS_INVALID" }) as Error,
      );
    }
    expect(() => recommendRestore(facts({ goal: "replaceDevise" as RestoreGoal }))).toThrow(
      "goal is replaceDevice, addDevice, keepCopy or absent",
    );
  });

  it("default: the newest archive when no other installation is there", () => {
    expect(recommendRestore(facts({ archives: [archive(8), archive(1), archive(3)] }))).toEqual({
      route: "archive",
      archive: "1d",
      reachesMs: nowMs - dayMs,
      reasons: ["otherOffline", "archiveSound"],
      then: ["openOtherInstallation"],
    });
  });

  it.each<[string, Partial<RestoreFacts>, string]>([
    ["nothing anywhere", {}, "none: otherOffline noArchive → openOtherInstallation"],
    ["nothing to copy yet", { goal: "keepCopy" }, "none: otherOffline noArchive → openOtherInstallation backUp"],
    ["no archive, another installation online", online, "historySync: otherOnline noArchive → backUp"],
    [
      "no archive, an offer",
      { syncArchives: [offered(5000)] },
      "historySync pin 5000min: syncOffered noArchive → openOtherInstallation backUp",
    ],
    ["an archive, another installation online", { ...online, archives: [archive(1)] }, "both 1d: otherOnline archiveSound → historySync"],
    [
      "an archive and a newer offer",
      { archives: [archive(1)], syncArchives: [offered(60)] },
      "both 1d, pin 60min: syncOffered archiveSound → historySync openOtherInstallation",
    ],
    [
      "an archive and an older offer",
      { archives: [archive(1)], syncArchives: [offered(5000)] },
      "archive 1d: otherOffline archiveSound → openOtherInstallation",
    ],
  ])("parameters: otherInstallationOnline, archives, syncArchives: %s", (_name, given, expected) => expect(inShort(given)).toBe(expected));

  it.each<[string, Partial<RestoreFacts>, string]>([
    ["replaceDevice, offline", { goal: "replaceDevice" }, "archive 1d: replacesDevice otherOffline archiveSound → openOtherInstallation"],
    ["replaceDevice, online", { ...online, goal: "replaceDevice" }, "both 1d: replacesDevice otherOnline archiveSound → historySync"],
    ["keepCopy, online", { ...online, goal: "keepCopy" }, "both 1d: keepsCopy otherOnline archiveSound → historySync"],
    ["addDevice, offline", { goal: "addDevice" }, "archive 1d: otherOffline archiveSound → openOtherInstallation"],
    ["addDevice, online", { ...online, goal: "addDevice" }, "historySync: addsDevice otherOnline → "],
    [
      "addDevice, a newer offer",
      { goal: "addDevice", syncArchives: [offered(9)] },
      "historySync pin 9min: addsDevice syncOffered → openOtherInstallation",
    ],
    ["shared identity, offline", { sharedIdentity: true }, "archive 1d: otherOffline archiveSound → openOtherInstallation"],
    ["shared identity, online", { ...online, sharedIdentity: true }, "historySync: sharedIdentity otherOnline → "],
    [
      "shared identity, replaceDevice",
      { ...online, sharedIdentity: true, goal: "replaceDevice" },
      "both 1d: replacesDevice sharedIdentity otherOnline archiveSound → historySync",
    ],
  ])("parameters: goal, sharedIdentity: %s", (_name, given, expected) =>
    expect(inShort({ archives: [archive(1)], ...given })).toBe(expected),
  );

  it.each<[string, ArchiveEntry[], string]>([
    ["never verified", [unverified(1)], "archive 1d: otherOffline archiveUnverified → openOtherInstallation"],
    [
      "never verified, an older one is",
      [unverified(1), archive(9)],
      "archive 1d, older 9d: otherOffline archiveUnverified → openOtherInstallation",
    ],
    ["incomplete", [archive(1, { missingMessages: 3 })], "archive 1d: otherOffline archiveIncomplete → openOtherInstallation"],
    [
      "incomplete, older ones too",
      [archive(1, { missingMessages: 3 }), unverified(2), archive(9)],
      "archive 1d, older 9d: otherOffline archiveIncomplete → restoreOlder openOtherInstallation",
    ],
    [
      "less than in several older ones, of which one holds the most",
      [archive(1, { messages: 4 }), archive(5, { messages: 60 }), archive(9, { messages: 120 })],
      "archive 1d, older 9d: otherOffline archiveSound olderHoldsMore → restoreOlder openOtherInstallation",
    ],
    [
      "far less than in an older one, and all are incomplete",
      [archive(1, { messages: 4, missingMessages: 1 }), archive(9, { messages: 120, missingMessages: 1 })],
      "archive 1d, older 9d: otherOffline archiveIncomplete olderHoldsMore → restoreOlder openOtherInstallation",
    ],
    [
      "less than in an older one",
      [archive(1, { messages: 9 }), archive(9)],
      "archive 1d, older 9d: otherOffline archiveSound olderHoldsMore → restoreOlder openOtherInstallation",
    ],
  ])("behavior: the newest archive is %s", (_name, archives, expected) => expect(inShort({ archives })).toBe(expected));

  it.each<[string, ArchiveEntry[], string]>([
    [
      "sealed with another key",
      [sealed(1, "otherKey")],
      "none: otherOffline noArchive archiveLocked → unlockArchives openOtherInstallation",
    ],
    ["damaged", [sealed(1, "damaged")], "none: otherOffline noArchive archiveDamaged → openOtherInstallation"],
    ["of another inbox", [archive(1, { inboxId: "theirs" })], "none: otherOffline noArchive otherInbox → openOtherInstallation"],
    [
      "made by a newer version",
      [sealed(1, "unsupported")],
      "none: otherOffline noArchive archiveUnsupported → updateApp openOtherInstallation",
    ],
    [
      "made by a newer version and newer than one that is open",
      [archive(2), sealed(1, "unsupported")],
      "archive 2d: otherOffline archiveSound archiveUnsupported → updateApp openOtherInstallation",
    ],
    [
      "made by a newer version, but older than one that is open",
      [archive(1), sealed(2, "unsupported")],
      "archive 1d: otherOffline archiveSound → openOtherInstallation",
    ],
    [
      "damaged, at a time that nobody knows",
      [archive(1), { ...sealed(1, "damaged"), createdAtMs: 0 }],
      "archive 1d: otherOffline archiveSound archiveDamaged → openOtherInstallation",
    ],
    ["of another network", [marked(1), archive(2)], "archive 2d: otherOffline archiveSound otherNetwork → openOtherInstallation"],
    ["of another network, the only one", [marked(1)], "none: otherOffline noArchive otherNetwork → openOtherInstallation"],
    ["of another network, an older one", [archive(1), marked(2)], "archive 1d: otherOffline archiveSound → openOtherInstallation"],
    ["without messages", [archive(1, { elements: ["consent"] })], "none: otherOffline noArchive → openOtherInstallation"],
    [
      "locked, but older than one that is open",
      [archive(1), sealed(2, "otherKey")],
      "archive 1d: otherOffline archiveSound → openOtherInstallation",
    ],
    [
      "locked and newer than one that is open",
      [archive(2), sealed(1, "otherKey")],
      "archive 2d: otherOffline archiveSound archiveLocked → unlockArchives openOtherInstallation",
    ],
    [
      "damaged and newer than one that is open",
      [archive(2), sealed(1, "damaged")],
      "archive 2d: otherOffline archiveSound archiveDamaged → openOtherInstallation",
    ],
  ])("behavior: never an archive that is %s", (_name, archives, expected) => expect(inShort({ archives })).toBe(expected));

  it("parameters: network: archives of another one are left out, those that say none are not", () => {
    const archives = [archive(1, { network: "dev" }), archive(2), archive(3, { network: "production" })];
    expect(inShort({ archives, network: "production" })).toBe("archive 2d: otherOffline archiveSound otherNetwork → openOtherInstallation");
    expect(recommendRestore(facts({ archives, network: "dev" })).archive).toBe("1d");
    expect(recommendRestore(facts({ archives })).archive).toBe("1d");
  });

  it("behavior: how far an archive reaches counts, not only when it was made", () => {
    const early = archive(1, { endNs: BigInt(nowMs - 20 * dayMs) * 1_000_000n });
    expect(recommendRestore(facts({ archives: [early, archive(3)] })).archive).toBe("3d");
    expect(recommendRestore(facts({ archives: [early] })).reachesMs).toBe(nowMs - 20 * dayMs);
  });

  it("behavior: a date far ahead is a clock that was wrong, a little is none", () => {
    expect(recommendRestore(facts({ archives: [archive(-400), archive(3)] })).archive).toBe("3d");
    expect(recommendRestore(facts({ archives: [archive(-0.01), archive(3)] })).archive).toBe("-0.01d");
    expect(recommendRestore(facts({ archives: [archive(-400)] })).archive).toBe("-400d");
  });

  it("behavior: of archives that reach equally far, the one known to be good", () => {
    const archives = [
      { ...unverified(1), id: "a" },
      { ...archive(1), id: "b" },
      { ...unverified(1), id: "c" },
    ];
    expect(recommendRestore(facts({ archives })).archive).toBe("b");
  });

  it("behavior: an old offer is not taken while a newer one can be asked for, and never one without messages", () => {
    expect(recommendRestore(facts({ ...online, syncArchives: [offered(50), offered(90)] })).pin).toBe("50min");
    expect(recommendRestore(facts({ ...online, syncArchives: [offered(90)] }))).not.toHaveProperty("pin");
    expect(recommendRestore(facts({ syncArchives: [offered(5, ["consent"])] })).route).toBe("none");
    expect(recommendRestore(facts({ syncArchives: [offered(5)], installationId: "laptop" })).route).toBe("none");
  });

  it("behavior: names nothing that is not in the facts, and takes no archive that can't be restored", () => {
    const inboxes = fc.constantFrom("mine", "theirs");
    const maybe = <Value>(value: Value) => fc.option(fc.constant(value), { nil: undefined });
    const open = fc.tuple(fc.nat(30), inboxes, fc.nat(200), fc.nat(1), fc.nat(1)).map(([days, inboxId, messages, missing, verified]) => {
      const entry = archive(days, { inboxId, messages, ...(missing && { missingMessages: 1 }) });
      return verified
        ? entry
        : {
            ...unverified(days),
            details: { ...unverified(days).details, inboxId } as NonNullable<ArchiveEntry["details"]>,
            seal: "open" as const,
          };
    });
    const shut = fc
      .tuple(fc.nat(30), fc.constantFrom("otherKey" as const, "damaged" as const, "unsupported" as const))
      .map(([days, seal]) => sealed(days, seal));
    const archives = fc
      .array(fc.oneof(open, shut), { maxLength: 6 })
      .map((entries) => entries.map((entry, index) => ({ ...entry, id: `archive ${index}` })));
    const given = fc.record({
      otherInstallationOnline: fc.boolean(),
      archives,
      inboxId: inboxes,
      nowMs: fc.constant(nowMs),
      goal: fc.constantFrom<(RestoreGoal | undefined)[]>(undefined, "replaceDevice", "addDevice", "keepCopy"),
      sharedIdentity: maybe(true),
      syncArchives: fc.array(
        fc.nat(40 * 24 * 60).map((minutes) => offered(minutes)),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(given, (all) => {
        const { route, archive: id, older, pin, reachesMs, reasons, then } = recommendRestore(all);
        const takeable = all.archives.filter(({ seal, details }) => seal === "open" && details?.inboxId === all.inboxId);
        for (const named of [id, older]) if (named !== undefined) expect(takeable.map((entry) => entry.id)).toContain(named);
        if (pin !== undefined) expect(all.syncArchives.map((offer) => offer.pin)).toContain(pin);
        expect(id !== undefined).toBe(route === "archive" || route === "both");
        expect(older === undefined || older !== id).toBe(true);
        if (reachesMs !== undefined) for (const entry of takeable) expect(entry.createdAtMs).toBeLessThanOrEqual(reachesMs);
        expect(route === "none").toBe(takeable.length === 0 && !all.otherInstallationOnline && all.syncArchives.length === 0);
        expect(reasons.length).toBeGreaterThan(0);
        expect([new Set(reasons).size, new Set(then).size]).toEqual([reasons.length, then.length]);
        expect(then.includes("restoreOlder")).toBe(
          older !== undefined && (reasons.includes("olderHoldsMore") || reasons.includes("archiveIncomplete")),
        );
        const shuffled = { ...all, archives: [...all.archives].reverse(), syncArchives: [...all.syncArchives].reverse() };
        expect(recommendRestore(shuffled)).toEqual(recommendRestore(all));
      }),
    );
  });

  it("behavior: changes nothing of what it is given", () => {
    const archives = Object.freeze([archive(9), archive(1)]);
    const syncArchives = Object.freeze([offered(9), offered(1)]);
    expect(recommendRestore(facts({ archives, syncArchives })).archive).toBe("1d");
  });
});
