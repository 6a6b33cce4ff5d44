import type { RestoreLimit } from "../restore/restoreResult.ts";
import type { LeftOut } from "../archives/archivePreview.ts";
import { notRestoredTexts } from "./english/notRestoredTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** What a restore does not bring back, as a preview and a result tell it. */
export type NotRestored = {
  /** @default nothing */
  leftOut?: LeftOut;
  /** @default 0 */
  orphanMessages?: number;
  /** Which limits to name. @default none */
  limits?: readonly RestoreLimit[];
};

export type NotRestoredTextOptions = TextOptions & {
  /** The restore is over. @default false */
  isOver?: boolean | undefined;
};

/** What a screen shows of it. */
export type NotRestoredText = {
  title: string;
  /** A sentence for each kind of message that is left out, with their number. */
  leftOut: string[];
  /** A sentence for each limit, in the order of `limits`. */
  limits: string[];
};

/**
 * Says in words what a restore does not bring back, before it or afterwards.
 *
 * @example
 * ```ts
 * import { type ArchivePreview, describeNotRestored } from "@xmtp-backup/core";
 *
 * function warn(preview: ArchivePreview): string {
 *   const { title, leftOut, limits } = describeNotRestored({ ...preview, limits: ["gap", "disappearingTimers"] });
 *   return [title, ...leftOut, ...limits].join("\n");
 * }
 * ```
 */
export function describeNotRestored(
  { leftOut = noneLeftOut, orphanMessages = 0, limits = [] }: NotRestored,
  { texts, isOver = false }: NotRestoredTextOptions = {},
): NotRestoredText {
  const say = speak(notRestoredTexts, texts, "notRestored.limit.unknown");
  const reasons = (Object.keys(noneLeftOut) as (keyof LeftOut)[]).filter((reason) => leftOut[reason] > 0);
  return {
    title: say(isOver ? "notRestored.title.after" : "notRestored.title"),
    leftOut: [
      ...reasons.map((reason) => say(`notRestored.leftOut.${reason}`, { count: leftOut[reason] })),
      ...(orphanMessages > 0 ? [say("notRestored.orphans", { count: orphanMessages })] : []),
    ],
    limits: limits.map((limit) => say(`notRestored.limit.${limit}`)),
  };
}

const noneLeftOut: LeftOut = { deleted: 0, expired: 0, unsent: 0, oddDms: 0 };
