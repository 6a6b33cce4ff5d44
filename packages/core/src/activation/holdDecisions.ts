import type { Consent } from "../ports/hostConversation.ts";
import type { ArchivedDecisions } from "../archives/decisions.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { dueOf, type HeldDecision, type HeldDecisions, owesDecisions, settleDecision, withDue } from "./rules/heldDecisions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { Host } from "../ports/host.ts";
import { readDecisions, writeDecisions } from "./decisionsNote.ts";
import { type Brought, noteDecisions } from "./noteDecisions.ts";
import { presentDecisions } from "./presentDecisions.ts";

type Parts = Pick<Dependencies, "host" | "journal">;

/**
 * Tells the client every decision that is due and that it does not hold, after an import or after one that was cut off.
 *
 * A decision that the user made meanwhile holds, where no import makes it. A decision that could not be passed to the client stays noted
 * and is tried at the next start. Never throws.
 */
export async function holdDecisions(parts: Parts): Promise<void> {
  await createDecisionHolder(parts).hold();
}

/** Holds the decisions of one import, part by part. */
export type DecisionHolder = {
  /**
   * Notes, before the import, what is to hold after it.
   *
   * @throws HOST_FAILED when the client can't say what the user decided so far
   */
  note(archived: ArchivedDecisions, brought: Brought, options: CallOptions): Promise<void>;
  /**
   * Tells the client what is due, as `holdDecisions` does.
   *
   * @param importedIds - conversations whose part of the import is in, and that of all people. From then on, a change about them is the
   * user's own decision. @default the whole import is over
   */
  hold(importedIds?: readonly string[]): Promise<void>;
};

/** It remembers what it has noted: a long note is not read once more after each part. */
export function createDecisionHolder({ host, journal }: Parts): DecisionHolder {
  let noted: HeldDecisions | undefined;
  /** What was settled stays right, and its note is still to be written. */
  let isUnwritten = false;

  return {
    async note(archived, brought, options) {
      noted = await noteDecisions({ host, journal }, archived, brought, options);
      isUnwritten = false;
    },
    async hold(importedIds) {
      try {
        noted ??= await readDecisions(journal);
        const settled = await settleDue(host, noted, importedIds);
        if (settled) [noted, isUnwritten] = [settled, true];
        if (!isUnwritten) return;
        await writeDecisions(journal, noted);
        isUnwritten = false;
      } catch {
        // The note says what is due, and the next part or the next start tries it once more.
      }
    },
  };
}

/** The decisions after those were passed to the client that are due; undefined where none is. */
async function settleDue(host: Host, held: HeldDecisions, importedIds: readonly string[] | undefined): Promise<HeldDecisions | undefined> {
  if (!owesDecisions(held)) return undefined;
  const due = { conversations: new Set(dueOf(held.conversations).keys()), people: new Set(dueOf(held.people).keys()) };
  const ids = importedIds?.filter((id) => due.conversations.has(id)) ?? [...due.conversations];
  const people = [...due.people];
  if (ids.length + people.length === 0) return undefined;
  const present = await presentDecisions(host, ids, people, {});
  return {
    conversations: await settle(held.conversations, due.conversations, ids, present.conversations, (id, consent) =>
      host.setConsent(id, consent),
    ),
    people: await settle(held.people, due.people, people, present.people, (id, consent) => host.setConsentOf(id, consent)),
  };
}

/**
 * Passes these to the client, and gives all decisions back: those that failed are still due. Conversations that the client lacks are
 * skipped.
 */
async function settle(
  held: ReadonlyMap<string, HeldDecision>,
  due: ReadonlySet<string>,
  ids: readonly string[],
  present: ReadonlyMap<string, Consent>,
  set: (id: string, consent: Consent) => Promise<void>,
): Promise<Map<string, HeldDecision>> {
  const settled = new Map(held);
  const still = new Set(due);
  for (const id of ids) {
    const now = present.get(id);
    const decision = settleDecision(held.get(id) as HeldDecision, now);
    settled.set(id, decision);
    still.delete(id);
    if (now !== undefined && now !== decision.consent) await set(id, decision.consent).catch(() => still.add(id));
  }
  return withDue(settled, still);
}
