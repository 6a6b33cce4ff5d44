import { describe, expect, it } from "vitest";
import type { ActivationState, ActivationStatus, Expectation, TrackedConversation } from "../src/activation/rules/trackedConversation.ts";
import { restoreLimits } from "../src/restore/restoreResult.ts";
import type { RestoreReason, RestoreStep } from "../src/restore/rules/restoreRecommendation.ts";
import { describeActivation } from "../src/texts/describeActivation.ts";
import { describeClosing } from "../src/texts/describeClosing.ts";
import { describeRestoredConversation } from "../src/texts/describeRestoredConversation.ts";
import { describeDue } from "../src/texts/describeDue.ts";
import { describeGap } from "../src/texts/describeGap.ts";
import { describeHealth } from "../src/texts/describeHealth.ts";
import { describeImported } from "../src/texts/describeImported.ts";
import { describeLacks } from "../src/texts/describeLacks.ts";
import { describeNextRun } from "../src/texts/describeNextRun.ts";
import { describeNotice } from "../src/texts/describeNotice.ts";
import { describeNotRestored } from "../src/texts/describeNotRestored.ts";
import { describeReadOnlyMode } from "../src/texts/describeReadOnlyMode.ts";
import { describeRemaining } from "../src/texts/describeRemaining.ts";
import { describeReminder } from "../src/texts/describeReminder.ts";
import { describeRestore } from "../src/texts/describeRestore.ts";
import { describeRetention } from "../src/texts/describeRetention.ts";
import { describeRecreating } from "../src/texts/describeRecreating.ts";
import { describeWakeUp } from "../src/texts/describeWakeUp.ts";
import { restoreTexts } from "../src/texts/english/restoreTexts.ts";
import { englishTexts } from "../src/texts/englishTexts.ts";
import type { TextCatalogue } from "../src/texts/textCatalogue.ts";
import type { PluralForms } from "../src/texts/english/pluralForms.ts";
import german from "./german.json" with { type: "json" };
import { fromAnotherVersion } from "./unknownCodes.ts";
import { closings, dues, health, lacks, nextRuns, remaining, reminders, retention } from "./policyStates.ts";

const nowMs = Date.parse("2026-06-10T12:00Z");
const hourMs = 3_600_000;
const style = { timeZone: "Europe/Berlin" };

const statuses: ActivationStatus[] = ["waiting", "recreating", "stalled", "dismissed", "active"];
const expectations: Expectation[] = [
  { outlook: "soon", reason: "otherInstallation", untilMs: nowMs + hourMs },
  { outlook: "soon", reason: "recentMessages", untilMs: nowMs + hourMs },
  { outlook: "whenSomeoneWrites", reason: "someMessages", untilMs: nowMs + hourMs },
  { outlook: "unlikely", reason: "quiet" },
  { outlook: "unlikely", reason: "denied" },
  { outlook: "unlikely", reason: "removed" },
  { outlook: "unlikely", reason: "left" },
  { outlook: "unlikely", reason: "otherInbox" },
];

function tracked(changes: Partial<TrackedConversation> = {}): TrackedConversation {
  const gap = { fromMs: nowMs - 48 * hourMs };
  const [expectation] = expectations as [Expectation];
  return {
    id: "a",
    kind: "dm",
    peerInboxId: "ana",
    status: "waiting",
    consent: "allowed",
    expectation,
    gap,
    restoredAtMs: nowMs - hourMs,
    ...changes,
  };
}

function state(counts: Partial<ActivationState>): ActivationState {
  return {
    total: 0,
    active: 0,
    waiting: 0,
    recreating: 0,
    stalled: 0,
    dismissed: 0,
    conversations: [],
    changed: [],
    recreatable: [],
    ...counts,
  };
}

/** Every sentence of a description. */
function sentences(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(sentences) : [];
}

/** Every way to call every function that makes words. */
function everything(texts?: TextCatalogue): unknown[] {
  const reasons = keysAfter("restore.reason.") as RestoreReason[];
  const then = keysAfter("restore.step.") as RestoreStep[];
  const numbers = [0, 1, 2, 3, 5, 12];
  const gap = { fromMs: nowMs - hourMs };
  const some = [[], [1]];
  const fillers = some.flatMap((archives) =>
    some.flatMap((syncArchives) => some.map((otherInstallations) => ({ archives, syncArchives, otherInstallations }))),
  );
  const own = { id: "own", isOwn: true };
  const others = [own, { id: "a", isOwn: false }, { id: "b", isOwn: false, createdAtMs: nowMs }, { id: "c", isOwn: false, isSource: true }];
  const cases = statuses.flatMap((status) =>
    expectations.flatMap((expectation) => (["dm", "group"] as const).map((kind) => tracked({ status, expectation, kind }))),
  );
  const variants = cases.flatMap((each) => [each, { ...each, activeId: "new" }, { ...each, recreating: { tries: 1, triedAtMs: 1 } }]);
  const late = nowMs + 2 * hourMs;
  const brought = numbers.flatMap((count) =>
    numbers.map((messages) => Array.from({ length: count }, (_, index) => ({ id: `${index}`, importedIds: [`${index}`], messages }))),
  );
  return [
    ...brought.map((conversations) => describeImported(conversations, { texts })),
    describeReadOnlyMode({ texts }),
    ...variants.flatMap((each) =>
      [undefined, "Ana"].flatMap((name) =>
        [nowMs, late].flatMap((atMs) =>
          [false, true].map((isRecreatable) => describeRestoredConversation(each, { texts, nowMs: atMs, name, isRecreatable })),
        ),
      ),
    ),
    ...numbers.flatMap((total) =>
      numbers.map((active) =>
        describeActivation(
          state({ total, active, waiting: active, stalled: active, recreating: active, dismissed: active, readOnly: active }),
          { texts },
        ),
      ),
    ),
    describeActivation(state({ total: 9, waiting: 9, conversations: cases.filter(({ status }) => status === "waiting") }), { texts }),
    ...numbers.flatMap((total) =>
      numbers.flatMap((active) =>
        (["first", "half", "all"] as const).map((type) => describeNotice({ type, active, total }, { texts, nowMs })),
      ),
    ),
    describeNotice({ type: "stalled", conversation: tracked({ status: "stalled" }) }, { texts, nowMs }),
    ...numbers.flatMap((count) => [describeRecreating(count, { texts }), describeRecreating(count, { texts, name: "Ana" })]),
    ...[[own], others, others.map((each) => ({ ...each, isSource: true }))].map((installations) =>
      describeWakeUp(installations, { texts, ...style }),
    ),
    ...[undefined, ...fillers].flatMap((each) =>
      [{}, { toMs: nowMs }].flatMap((to) =>
        [false, true].map((isFilled) => describeGap({ ...gap, ...to, isFilled }, { texts, fillers: each, ...style })),
      ),
    ),
    ...numbers.map((count) =>
      describeNotRestored(
        { leftOut: { deleted: count, expired: count, unsent: count, oddDms: count }, orphanMessages: count, limits: restoreLimits },
        { texts, isOver: count > 1 },
      ),
    ),
    ...(["archive", "both"] as const).map((route) =>
      describeRestore({ route, archive: "a", reachesMs: nowMs, reasons, then }, { texts, ...style }),
    ),
    ...(["historySync", "none"] as const).flatMap((route) =>
      [{}, { pin: "123" }].map((pin) => describeRestore({ route, reasons, then, ...pin }, { texts, ...style })),
    ),
    ...everythingOfThePolicy(texts),
    ...fromAnotherVersion(texts),
  ];
}

function everythingOfThePolicy(texts?: TextCatalogue): unknown[] {
  return [
    ...health.map((each) => describeHealth(each, { texts })),
    ...lacks.map((each) => describeLacks(each, { texts })),
    ...dues.map((each) => describeDue(each, { texts })),
    ...nextRuns.map((each) => describeNextRun(each, { texts, ...style })),
    ...reminders.map((each) => describeReminder(each, { texts })),
    ...remaining.map((each) => describeRemaining(each, { texts })),
    ...closings.map((each) => describeClosing(each, { texts })),
    describeRetention(retention, { texts }),
  ];
}

/** A whole translation that no word of English is in: each text is its key between marks, with its values. */
function marked(): TextCatalogue {
  const mark = (key: string, text: string) => `⟦${key}${[...new Set(text.match(/\{\w+\}/g) ?? [])].join("")}⟧`;
  const inMarks = ([key, text]: [string, string | PluralForms]) => [
    key,
    typeof text === "string" ? mark(key, text) : { other: mark(key, text.other) },
  ];
  return {
    locale: "de",
    texts: Object.fromEntries(Object.entries<string | PluralForms>(englishTexts.texts).map(inMarks)) as TextCatalogue["texts"],
  };
}

const keysAfter = (prefix: string) =>
  Object.keys(restoreTexts)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));

describe("the texts", () => {
  it.each([
    ["English", undefined],
    ["German", german],
  ])("default: every state is said in %s, with everything put in", (_language, texts) => {
    const all = everything(texts);
    expect(all.length).toBeGreaterThan(800);
    for (const sentence of all.flatMap(sentences)) expect(sentence).toMatch(/^[^{}]+$/);
  });

  it("default: nothing is shouted, nothing is jargon, and nothing ends in the middle", () => {
    for (const text of Object.values<string | PluralForms>(englishTexts.texts).flatMap(sentences)) {
      expect(text).not.toMatch(/!|MLS|installation|inbox|archive|stitch|\s\s|^\s|\s$/i);
      if (/[.?] /.test(text)) expect(text).toMatch(/[.?]$/);
    }
  });

  it("default: with a whole translation, nothing of the policy is said in English", () => {
    for (const sentence of everythingOfThePolicy(marked()).flatMap(sentences))
      expect(
        sentence
          .replaceAll(/⟦[^⟦⟧]*⟧/g, "")
          .replace(/^\d[\d., :]*$/, "")
          .trim(),
      ).toBe("");
  });

  it("default: every text is used", () => {
    const used = new Set<string>();
    const spy = new Proxy({}, { get: (_target, key) => void used.add(String(key)) });
    everything({ locale: "en", texts: spy });
    expect(Object.keys(englishTexts.texts).filter((key) => !used.has(key))).toEqual([]);
  });

  it("behavior: a translation has every key of the English texts and their placeholders", () => {
    expect(Object.keys(german.texts).sort()).toEqual(Object.keys(englishTexts.texts).sort());
    const placeholders = (text: unknown) => [...new Set(sentences(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
    for (const [key, text] of Object.entries(german.texts))
      expect([key, ...placeholders(text)]).toEqual([key, ...placeholders(englishTexts.texts[key as keyof typeof german.texts])]);
  });

  it("default: an import is said in messages and conversations, each in its own number", () => {
    const of = (...messages: number[]) =>
      describeImported(messages.map((count, index) => ({ id: `${index}`, importedIds: [], messages: count })));
    expect([of(), of(0), of(1), of(1, 1199, 0)]).toEqual([
      "Nothing new: everything was on this device already.",
      "1 new conversation without messages",
      "1 new message in 1 conversation",
      "1,200 new messages in 2 conversations",
    ]);
    expect(describeImported([{ id: "a", importedIds: ["a"], messages: 1200 }], { texts: german })).toBe(
      "1.200 neue Nachrichten in 1 Unterhaltung",
    );
  });

  it("behavior: codes that only another version of the app knows are said in neutral words", () => {
    for (const described of fromAnotherVersion()) {
      const said = sentences(described);
      expect(said.length).toBeGreaterThan(0);
      for (const sentence of said) expect(sentence).toMatch(/^(?!.*(undefined|NaN|null)).+$/);
    }
    for (const sentence of fromAnotherVersion(marked()).flatMap(sentences)) expect(sentence).toContain("⟦");
  });

  it("behavior: a translation is plain data: JSON and back", () => {
    const copy = JSON.parse(JSON.stringify(german)) as TextCatalogue;
    expect(everything(copy)).toEqual(everything(german));
    expect(everything(JSON.parse(JSON.stringify(englishTexts)) as TextCatalogue)).toEqual(everything());
  });

  it("behavior: what a translation lacks is said in English", () => {
    const texts: TextCatalogue = { locale: "de", texts: { "conversation.badge.soon": "Bald aktiv", "conversation.badge.active": "" } };
    const options = { texts, nowMs };
    expect(describeRestoredConversation(tracked(), options)).toMatchObject({ badge: "Bald aktiv", title: "Read-only for now" });
    expect(describeRestoredConversation(tracked({ status: "active" }), options).badge).toBe("Active again");
    expect(everything({ locale: "en", texts: {} })).toEqual(everything());
  });
});
