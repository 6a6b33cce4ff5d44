import type { ArchiveDetails } from "../archives/archiveEntry.ts";
import { lacksTexts } from "./english/lacksTexts.ts";
import { plainName } from "./plainName.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

export type LacksTextOptions = TextOptions & {
  /** The name of a conversation, as people wrote it; by its id where there is none. @default none */
  nameOf?: ((conversationId: string) => string | undefined) | undefined;
};

/** How many conversations a sentence names. */
const mostNamed = 3;

/**
 * Says what an incomplete archive lacks, in a few sentences; none of a complete one.
 *
 * @example
 * ```ts
 * import { type ArchiveEntry, describeLacks } from "@xmtp-backup/core";
 *
 * const warningOf = ({ details }: ArchiveEntry): string => describeLacks(details ?? {}).join(" ");
 * ```
 */
export function describeLacks(
  { missingMessages, lacks }: Pick<ArchiveDetails, "missingMessages" | "lacks">,
  { texts, nameOf }: LacksTextOptions = {},
): string[] {
  if (missingMessages === undefined && lacks === undefined) return [];
  const say = speak(lacksTexts, texts);
  const { conversations = [], ranges = [], consent = false } = lacks ?? {};
  const broken = conversations.filter(({ isBroken }) => isBroken);
  const count = broken.length;
  const named = broken.flatMap(({ id }) => (id === undefined ? [] : [plainName(nameOf?.(id)) ?? id]));
  const names = [...named.slice(0, mostNamed), ...(count > Math.min(named.length, mostNamed) ? ["…"] : [])].join(", ");
  return [
    missingMessages === undefined || missingMessages === 0 ? say("lacks.some") : say("lacks.messages", { count: missingMessages }),
    ...(count === 0
      ? []
      : [named.length === 0 ? say("lacks.conversations", { count }) : say("lacks.conversations.named", { count, names })]),
    ...(ranges.length > 0 ? [say("lacks.ranges", { count: ranges.length })] : []),
    ...(consent ? [say("lacks.consent")] : []),
  ];
}
