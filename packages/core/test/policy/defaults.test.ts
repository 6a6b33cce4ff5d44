import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/policy/rules/backupPolicy.ts";
import { policyTimes } from "../../src/policy/rules/policyTimes.ts";
import { allElements } from "../../src/ports/element.ts";

/** The `@default` of each setting of a type, as its docstring has it. */
function documented(file: string, type: string): [setting: string, text: string | undefined][] {
  const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
  const [, body = ""] = new RegExp(`export type ${type} = \\{\\n(.*?)\\n\\};`, "s").exec(source) ?? [];
  const settings = [...body.matchAll(/\/\*\*(.*?)\*\/\s+(\w+)\?:/gs)];
  return settings.map(([, doc = "", setting = ""]) => [setting, /@default ([^*\n]*[^*\n\s])/.exec(doc)?.[1]]);
}

/** What docstrings say in words. */
const words: Record<string, unknown> = { none: {}, both: allElements };

function valueOf(text: string): unknown {
  if (text in words) return words[text];
  return JSON.parse(text.replaceAll(/(?<=[{,] )(\w+):/g, '"$1":'));
}

/** Settings whose docstring has no value: the user's time zone, and reminders, each of which has its own. */
const withoutValue = ["timeZone", "reminders"];

function spell(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, "day"],
      [3_600_000, "hour"],
      [60_000, "minute"],
      [1_000, "second"],
    ] as const
  ).find(([each]) => ms >= each) ?? [1, "millisecond"];
  return `${ms / size} ${unit}${ms === size ? "" : "s"}`;
}

describe("the defaults of a policy", () => {
  it("default: each docstring says what the policy does where nothing is said", () => {
    const settings = documented("policy/rules/backupPolicy.ts", "BackupPolicy");
    expect(settings.map(([setting]) => setting).sort()).toEqual([...Object.keys(defaultPolicy), "timeZone"].sort());
    const said = settings.filter(([setting]) => !withoutValue.includes(setting)).map(([setting, text = ""]) => [setting, valueOf(text)]);
    const { reminders: _reminders, ...others } = defaultPolicy;
    expect(Object.fromEntries(said)).toEqual(others);
  });

  it("default: each docstring of a reminder says when it comes", () => {
    const said = documented("policy/rules/reminderSettings.ts", "ReminderSettings").map(([setting, text = ""]) => [setting, valueOf(text)]);
    expect(Object.fromEntries(said)).toEqual(defaultPolicy.reminders);
  });

  it("default: the page on when to back up lists the times that no setting changes, in their order", () => {
    const page = readFileSync(new URL("../../../../docs/when-to-back-up.md", import.meta.url), "utf8");
    const [, section = ""] = /^## Fixed times\n(.*?)^## /ms.exec(page) ?? [];
    const rows = [...section.matchAll(/^\| ([^|]+) \| (\d+ \w+) \|$/gm)].map(([, , time]) => time);
    expect(rows).toEqual(Object.values(policyTimes).map(spell));
  });
});
