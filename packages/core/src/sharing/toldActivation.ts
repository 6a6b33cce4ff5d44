import { isSamePlain } from "../steady.ts";
import type { ActivationState, TrackedConversation } from "../activation/rules/trackedConversation.ts";

/** A state with only those conversations that are new or different: of thousands, that is what followers receive. */
export function changesOf(state: ActivationState): ActivationState {
  const changed = new Set(state.changed);
  return { ...state, conversations: state.conversations.filter(({ id }) => changed.has(id)) };
}

/**
 * The state after what was received, by id; what did not change is the same object as before.
 *
 * @param isAll - whether all conversations were sent, as at first
 */
export function applyTold(
  before: ReadonlyMap<string, TrackedConversation>,
  told: ActivationState,
  isAll: boolean,
): { state: ActivationState; byId: ReadonlyMap<string, TrackedConversation> } {
  const byId = new Map(isAll ? [] : before);
  for (const conversation of told.conversations) {
    const known = before.get(conversation.id);
    byId.set(conversation.id, known && isSamePlain(known, conversation) ? known : conversation);
  }
  const conversations = [...byId.values()];
  const changed = isAll
    ? conversations.filter((each) => before.size > 0 && before.get(each.id) !== each).map(({ id }) => id)
    : told.changed;
  return { state: { ...told, conversations, changed }, byId };
}
