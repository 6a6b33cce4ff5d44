import type { ActivationState } from "../activation/rules/trackedConversation.ts";
import { activationTexts } from "./english/activationTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** How far all restored conversations are. */
export type ActivationText = {
  /** Such as "3 of 12 conversations are active again". */
  progress: string;
  /** What becomes of the others, a sentence for each kind of them; none when all are active. */
  details: string[];
};

/**
 * Says how many restored conversations are active again, and what becomes of the others.
 *
 * @example
 * ```ts
 * import { type Backups, describeActivation } from "@xmtp-backup/core";
 *
 * function showProgress(backups: Backups, show: (line: string) => void): void {
 *   backups.activation$.subscribe((state) => show(describeActivation(state).progress));
 * }
 * ```
 */
export function describeActivation(state: ActivationState, { texts }: TextOptions = {}): ActivationText {
  const say = speak(activationTexts, texts);
  const { active, waiting, stalled, recreating, dismissed, readOnly = 0, conversations } = state;
  const total = state.total - readOnly;
  const unlikely = { waiting: 0, stalled: 0 };
  for (const { status, expectation } of conversations) {
    if ((status === "waiting" || status === "stalled") && expectation.outlook === "unlikely") unlikely[status] += 1;
  }
  const counts = [
    ["waiting", waiting - unlikely.waiting],
    ["recreating", recreating],
    ["late", stalled - unlikely.stalled],
    ["unlikely", unlikely.waiting + unlikely.stalled],
    ["dismissed", dismissed],
    ["readOnly", readOnly],
  ] as const;
  return {
    progress: progressOf(),
    details: counts.filter(([, count]) => count > 0).map(([kind, count]) => say(`activation.${kind}`, { count })),
  };

  function progressOf(): string {
    if (total === 0) return say("activation.empty");
    if (active === 0) return say("activation.none", { count: total });
    return active < total ? say("activation.some", { count: active, total }) : say("activation.all", { count: total });
  }
}
