import { BackupError } from "../../errors/backupError.ts";
import { nearest } from "../../errors/nearest.ts";
import { allElements } from "../../ports/element.ts";
import { assertCron } from "./assertCron.ts";
import type { QuietWindow } from "./conditions.ts";
import { isWithin } from "./unmetConditions.ts";
import { parseDuration } from "../../time/duration.ts";
import { assertKeep } from "../../retention/rules/keep.ts";
import { type BackupPolicy, defaultPolicy } from "./backupPolicy.ts";
import { parseTimeOfDay, timeOfDayMs } from "../../time/timeOfDay.ts";
import { weekdays } from "../../time/weekday.ts";

type Settings = Record<string, unknown>;

const answers = ["backup", "ask", "ignore"];
const networks = ["any", "unmetered", "wifi"];

/** How each setting is checked. There are no other settings. */
const checks: { [Setting in keyof Required<BackupPolicy>]: (value: unknown, policy: Settings) => void } = {
  frequency(value) {
    if (isSettings(value) && Object.keys(value).join() === "cron") return assertCron(value["cron"]);
    mustBeOneOf("frequency", value, ["never", "daily", "weekly", "monthly"], ' or { cron: "…" }');
  },
  at: (value) => mustBeTimeOfDay("at", value),
  weekday: (value) => mustBeOneOf("weekday", value, weekdays),
  dayOfMonth(value) {
    if (!isCount(value, 1) || value > 31) refuse("dayOfMonth", value, "is not a day from 1 to 31.");
  },
  timeZone(value) {
    if (!isTimeZone(value)) refuse("timeZone", value, 'is not a time zone that this platform knows, such as "Europe/Lisbon".');
  },
  afterMessages: (value) => mustBeCountOrFalse("afterMessages", value, "messages"),
  afterConversations: (value) => mustBeCountOrFalse("afterConversations", value, "conversations"),
  activityPause: (value) => mustBeDurationOrFalse("activityPause", value),
  verifyEvery: (value) => mustBeDurationOrFalse("verifyEvery", value),
  keep: (value) => assertKeep(value),
  events(value) {
    for (const [event, answer] of settingsOf("events", value)) mustBeOneOf(`events.${event}`, answer, answers);
  },
  conditions(value, policy) {
    const known: { [setting: string]: (setting: unknown) => void } = {
      network: (network) => mustBeOneOf("conditions.network", network, networks),
      charging: (charging) => mustBeBoolean("conditions.charging", charging),
      quietWindow: (window) => mustBeQuietWindow(window, policy),
    };
    for (const [name, setting] of settingsOf("conditions", value)) {
      const check = known[name];
      if (!check) return refuse("conditions", name, "is not one of network, charging and quietWindow." + hint(name, Object.keys(known)));
      check(setting);
    }
  },
  reminders(value) {
    if (value === false) return;
    for (const [name, setting] of settingsOf("reminders", value)) {
      const byDefault: unknown = (defaultPolicy.reminders as Settings)[name];
      if (byDefault === undefined) refuse("reminders", name, "is not a reminder." + hint(name, Object.keys(defaultPolicy.reminders)));
      else if (typeof byDefault === "boolean") mustBeBoolean(`reminders.${name}`, setting);
      else if (name !== "storageUsed")
        mustBeCountOrFalse(`reminders.${name}`, setting, name === "newConversations" ? "conversations" : "days");
      else if (setting !== false && !(typeof setting === "number" && setting > 0 && setting <= 1)) {
        refuse("reminders.storageUsed", setting, "is neither a part of the storage above 0 and up to 1 nor false.");
      }
    }
  },
  elements(value) {
    if (!Array.isArray(value) || value.length === 0)
      return refuse("elements", value, "names nothing to back up: messages, consent or both.");
    for (const element of value) mustBeOneOf("elements", element, allElements);
  },
  excludeDisappearingMessages: (value) => mustBeBoolean("excludeDisappearingMessages", value),
  priority: (value) => mustBeOneOf("priority", value, ["normal", "low"]),
  increments(value) {
    if (typeof value === "boolean") return;
    for (const [name, setting] of settingsOf("increments", value)) {
      if (name === "wholeEvery") mustBeDurationOrFalse("increments.wholeEvery", setting || {});
      else if (name === "maxChain") {
        if (!isCount(setting, 1) || setting > 365) refuse("increments.maxChain", setting, "is not a whole number from 1 to 365.");
      } else if (name !== "maxShare") refuse("increments", name, "is not one of wholeEvery, maxChain and maxShare.");
      else if (!(Number.isFinite(setting) && (setting as number) > 0)) refuse("increments.maxShare", setting, "is no number above 0.");
    }
  },
};

/**
 * Refuses a policy with a wrong setting, and names the first one.
 *
 * @throws POLICY_INVALID when a setting is unknown, malformed, out of range or contradicts another one
 */
export function assertPolicy(policy: unknown): asserts policy is BackupPolicy {
  if (!isSettings(policy)) return refuse("policy", policy, "is not an object of settings.");
  for (const [setting, value] of Object.entries(policy)) {
    const check = (checks as { [setting: string]: (typeof checks)[keyof BackupPolicy] })[setting];
    if (!check || !Object.hasOwn(checks, setting)) refuse("policy", setting, "is not a setting." + hint(setting, Object.keys(checks)));
    else if (value !== undefined) check(value, policy);
  }
}

function refuse(setting: string, value: unknown, message: string): never {
  throw new BackupError("POLICY_INVALID", `${setting}: ${show(value)} ${message}`);
}

function hint(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

function show(value: unknown): string {
  const isPlain = typeof value === "number" || typeof value === "bigint" || value === undefined;
  return isPlain ? `${value}` : (JSON.stringify(value) ?? typeof value);
}

function mustBeOneOf(setting: string, value: unknown, allowed: readonly string[], more = ""): void {
  if (!allowed.includes(value as string)) refuse(setting, value, `is not one of ${allowed.join(", ")}${more}.`);
}

function mustBeBoolean(setting: string, value: unknown): void {
  if (typeof value !== "boolean") refuse(setting, value, "is neither true nor false.");
}

function mustBeTimeOfDay(setting: string, value: unknown): void {
  if (parseTimeOfDay(value) === undefined) refuse(setting, value, "is no time of day: write 00:00 to 23:59.");
}

function mustBeCountOrFalse(setting: string, value: unknown, unit: string): void {
  if (value !== false && !isCount(value, 1)) refuse(setting, value, `is neither a whole number of ${unit} from 1 on nor false.`);
}

function mustBeDurationOrFalse(setting: string, value: unknown): void {
  if (value !== false && !parseDuration(value)) refuse(setting, value, 'is neither a duration such as "30d", "1y6m" or "12h" nor false.');
}

/** A scheduled backup outside the window could never run at its time, so such a policy is taken for a mistake. */
function mustBeQuietWindow(value: unknown, { frequency = defaultPolicy.frequency, at = defaultPolicy.at }: Settings): void {
  if (!isSettings(value)) return refuse("conditions.quietWindow", value, "is not a window such as { from, to }.");
  const { from, to } = value;
  mustBeTimeOfDay("conditions.quietWindow.from", from);
  mustBeTimeOfDay("conditions.quietWindow.to", to);
  if (from === to) refuse("conditions.quietWindow", value, "begins when it ends.");
  const isTimed = typeof frequency === "string" && frequency !== "never" && parseTimeOfDay(at) !== undefined;
  if (isTimed && !isWithin(value as QuietWindow, timeOfDayMs(at as string))) {
    refuse("conditions.quietWindow", value, `does not hold ${String(at)}, when a backup is due: change at or the window.`);
  }
}

function settingsOf(setting: string, value: unknown): [string, unknown][] {
  if (!isSettings(value)) return refuse(setting, value, "is not an object of settings.");
  return Object.entries(value).filter(([, inner]) => inner !== undefined);
}

function isSettings(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown, from: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= from;
}

function isTimeZone(value: unknown): boolean {
  try {
    return typeof value === "string" && Boolean(new Intl.DateTimeFormat("en-US", { timeZone: value }));
  } catch {
    return false;
  }
}
