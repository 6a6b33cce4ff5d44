import type { ActivationMemory } from "../../activation/rules/activationMemory.ts";

/**
 * Conversations that can't be written for another reason than a restore here or an earlier loss: the user is no member any more.
 *
 * @param isMember - this installation is in the inbox for sure; if not, everything can't be written, and only what was known counts
 */
export function removedFrom(inactiveIds: ReadonlySet<string>, { conversations }: ActivationMemory, isMember: boolean): Set<string> {
  if (!isMember) return new Set(conversations.filter(({ id, wasRemoved }) => wasRemoved && inactiveIds.has(id)).map(({ id }) => id));
  const waiting = new Set(conversations.filter(({ wasRemoved }) => !wasRemoved).map(({ id }) => id));
  return new Set([...inactiveIds].filter((id) => !waiting.has(id)));
}
