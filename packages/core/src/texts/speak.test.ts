import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { englishTexts } from "./englishTexts.ts";
import { formatText } from "./formatText.ts";
import { formatDay, formatTime } from "./formatTime.ts";
import { plainName } from "./plainName.ts";
import { speak } from "./speak.ts";
import type { PluralForms } from "./english/pluralForms.ts";

afterEach(() => vi.unstubAllGlobals());

const english = {
  plain: "As it is",
  named: "{one} and {two}",
  counted: { one: "{count} day of {total}", other: "{count} days of {total}" },
} as const;
const speaking = (locale: string, texts: Record<string, string | PluralForms>) => speak(english, { locale, texts });

describe("speak", () => {
  it("default: English, with the form that the count needs", () => {
    const say = speak(english);
    expect([say("plain"), say("named", { one: "Ana", two: "Ben" })]).toEqual(["As it is", "Ana and Ben"]);
    expect([0, 1, 2].map((count) => say("counted", { count, total: 5 }))).toEqual(["0 days of 5", "1 day of 5", "2 days of 5"]);
  });

  it("parameters: catalogue, with the forms and the numbers of its language", () => {
    const say = speaking("pl", { counted: { one: "{count} dzień", few: "{count} dni", many: "{count} dni!", other: "{count} dnia" } });
    expect([1, 2, 5, 22, 1.5].map((count) => say("counted", { count, total: 9 }))).toEqual([
      "1 dzień",
      "2 dni",
      "5 dni!",
      "22 dni",
      "1,5 dnia",
    ]);
    expect(speaking("de", { counted: "{count} von {total}" })("counted", { count: 1234, total: 10_000 })).toBe("1.234 von 10.000");
  });

  it("behavior: a text that is missing or empty, and a form that is missing, are made up for", () => {
    expect(speaking("pl", { counted: { other: "" } })("counted", { count: 2, total: 9 })).toBe("2 days of 9");
    expect(speaking("pl", { counted: { other: "{count} dnia" } })("counted", { count: 2, total: 9 })).toBe("2 dnia");
    expect(speaking("ja", {})("counted", { count: 1, total: 9 })).toBe("1 day of 9");
  });

  it("behavior: what people wrote never stands for a placeholder", () => {
    expect(speak(english)("named", { one: "{two}", two: "$&{one}" })).toBe("{two} and $&{one}");
  });

  it("behavior: an engine without Intl tells one from other", () => {
    vi.stubGlobal("Intl", undefined);
    const say = speaking("pl", { counted: { one: "{count} dzień", few: "{count} dni", other: "{count} dnia" } });
    expect([1, 2, 1234].map((count) => say("counted", { count, total: 9 }))).toEqual(["1 dzień", "2 dnia", "1234 dnia"]);
    expect(formatTime(Date.UTC(2026, 2, 3), { timeZone: "UTC", locale: "en" })).toBe("2026-03-03");
  });
});

describe("formatText", () => {
  it("default: one text of the catalogue; wrong keys and missing values do not compile", () => {
    expect(formatText(englishTexts, "activation.some", { count: 3, total: 12 })).toBe("3 of 12 conversations are active again");
    expect(formatText({ locale: "de", texts: { "readOnly.title": "Vorerst nur lesen" } }, "readOnly.title")).toBe("Vorerst nur lesen");
    // @ts-expect-error There is no such text.
    expect(formatText(englishTexts, "activation.most")).toBe("");
    // @ts-expect-error A value is missing.
    expect(formatText(englishTexts, "activation.some", { count: 3 })).toContain("{total}");
    // @ts-expect-error The values are missing.
    expect(formatText(englishTexts, "recreating.title.named")).toContain("{name}");
    expectTypeOf(formatText<"gap.closed">)
      .parameter(2)
      .toEqualTypeOf<Readonly<Record<"from" | "to", string | number>>>();
  });
});

describe("formatTime", () => {
  it("parameters: timeZone, locale", () => {
    const atMs = Date.parse("2026-03-03T23:05Z");
    expect(formatTime(atMs, { timeZone: "UTC", locale: "en" })).toBe("Mar 3, 2026, 11:05 PM");
    expect(formatTime(atMs, { timeZone: "Europe/Berlin", locale: "de" })).toBe("04.03.2026, 00:05");
    expect(formatDay(atMs, { timeZone: "Europe/Berlin", locale: "en-GB" })).toBe("4 March 2026");
  });
});

describe("plainName", () => {
  it("default: in one line, and nothing that turns the direction of the sentence", () => {
    expect(plainName("  Book\n\tclub ")).toBe("Book club");
    expect(plainName("Ana \u202egnp.exe\u2066")).toBe("Ana gnp.exe");
    expect([plainName(undefined), plainName(""), plainName(" \u202e ")]).toEqual([undefined, undefined, undefined]);
    expect(plainName("عائشة 👩‍👩‍👧")).toBe("عائشة 👩‍👩‍👧");
  });
});
