import type { RetentionReason } from "../retention/rules/retentionReason.ts";
import { partialTexts } from "./english/partialTexts.ts";
import { retentionTexts } from "./english/retentionTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/**
 * Says why an archive stays or goes, a sentence for each reason.
 *
 * @example
 * ```ts
 * import { type Backups, describeRetention } from "@xmtp-backup/core";
 *
 * async function explain(backups: Backups, show: (line: string) => void): Promise<void> {
 *   for (const { id, action, reasons } of await backups.planRetention()) show(`${id} ${action}: ${describeRetention(reasons).join(" ")}`);
 * }
 * ```
 */
export function describeRetention(reasons: readonly RetentionReason[], { texts }: TextOptions = {}): string[] {
  const say = speak(retentionTexts, texts, "retention.unknown");
  return reasons.map((each) => {
    switch (each.reason) {
      case "newestOfKind":
        return say(each.isVerified ? "retention.newestOfKind.verified" : "retention.newestOfKind");
      case "last":
      case "lastPartial": {
        const { place, of } = each;
        return say(`retention.${each.reason}`, { place, of });
      }
      case "period": {
        const { period, place, of } = each;
        return of === "all" ? say(`retention.every.${period}`) : say(`retention.period.${period}`, { place, of });
      }
      case "oldest":
        return each.of === "all" ? say("retention.oldest") : say(`retention.oldest.${each.period}`, { count: each.of });
      case "within":
        return say(each.isByDate ? "retention.within" : "retention.within.proven", { within: each.within });
      case "base":
        return say("retention.base", { count: each.neededBy });
      case "notWhole":
        return `${say("retention.notWhole")} ${speak(partialTexts, texts, "partial.unknown")(`partial.${each.why}`)}`;
      default:
        return say(`retention.${each.reason}`);
    }
  });
}
