import type { ArchiveLacks } from "../archives/archiveEntry.ts";
import type { HealthReason } from "../policy/rules/health.ts";
import type { SmallerBackup } from "../retention/rules/smallerBackup.ts";
import { describeLacks, type LacksTextOptions } from "./describeLacks.ts";
import { healthTexts } from "./english/healthTexts.ts";
import { partialTexts } from "./english/partialTexts.ts";
import { speak } from "./speak.ts";

/** What a screen shows of the health. */
export type HealthText = {
  /** A heading, the same for each level but where there is no backup yet. */
  title: string;
  /** Why: one or a few sentences. */
  text: string;
};

/**
 * Says how well the user's history is protected, and why.
 *
 * @example
 * ```ts
 * import { type Backups, describeHealth } from "@xmtp-backup/core";
 *
 * function showHealth(backups: Backups, show: (title: string, text: string) => void): void {
 *   backups.status$.subscribe(({ health }) => {
 *     if (!health) return;
 *     const { title, text } = describeHealth(health);
 *     show(title, text);
 *   });
 * }
 * ```
 */
export function describeHealth(health: HealthReason & { lacks?: ArchiveLacks }, options: LacksTextOptions = {}): HealthText {
  const say = speak(healthTexts, options.texts, "health.unknown");
  const sayTitle = speak(healthTexts, options.texts, "health.title.warning");
  const isNone = health.reason === "firstDue" || health.reason === "noArchive";
  return { title: sayTitle(`health.title.${isNone ? "none" : health.level}`), text: textOf() };

  function textOf(): string {
    switch (health.reason) {
      case "failingDays":
        return say("health.failingDays", { count: health.days });
      case "lastFailed":
        return say("health.lastFailed", { count: health.failures });
      case "smaller": {
        const { unit, ...values } = dropOf(health.smaller);
        return say(`health.smaller.${unit}`, values);
      }
      case "unusableKeys":
        return say("health.unusableKeys", { count: health.keys });
      case "incomplete":
        return describeLacks({ missingMessages: 0, ...health }, options).join(" ");
      case "partial":
        return `${say("health.partial")} ${speak(partialTexts, options.texts, "partial.unknown")(`partial.${health.why}`)}`;
      case "missed":
        return say("health.missed", { count: health.times });
      case "old":
        return say("health.old", { count: health.days });
      case "storageNearlyFull":
        return say("health.storageNearlyFull", { percent: health.percent });
      default:
        return say(`health.${health.reason}`);
    }
  }
}

/** What shows the drop more: messages or conversations. */
export function dropOf({ messages, conversations, than }: SmallerBackup): {
  unit: "messages" | "conversations";
  now: number;
  before: number;
} {
  const isOfMessages = messages * than.conversations <= conversations * than.messages;
  return isOfMessages
    ? { unit: "messages", now: messages, before: than.messages }
    : { unit: "conversations", now: conversations, before: than.conversations };
}
