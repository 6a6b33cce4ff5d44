import type { Consent, HostConversation } from "../ports/hostConversation.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host } from "../ports/host.ts";
import type { ActivationMemory } from "./rules/activationMemory.ts";
import { isOpen } from "./rules/trackConversations.ts";

/**
 * What the user has decided about the tracked conversations that they do not allow, as long as these are inactive.
 *
 * It is asked before a sync: a Welcome can change consent (docs/sdk-facts.md#activation-allows-own-conversations), and that is not the
 * user's decision.
 * All are asked for: the user may have decided, and a restore may have brought a decision, since the last look.
 */
export async function restrainedConsents(
  host: Host,
  { conversations }: ActivationMemory,
  options: CallOptions,
): Promise<Map<string, Consent>> {
  const waiting = conversations.filter(isOpen);
  if (waiting.length === 0) return new Map();
  const known = new Map(waiting.map(({ id, consent }) => [id, consent]));
  for (const { id, isActive, consent } of await host.listConversations({ ...options, ids: [...known.keys()] }))
    if (!isActive) known.set(id, consent);
  return new Map([...known].filter(([, consent]) => consent !== "allowed"));
}

/**
 * Puts back what a Welcome has allowed and the user had not.
 *
 * What can't be put back is left out, so that it counts as waiting and the next look tries again.
 */
export async function holdAtActivation(
  host: Host,
  before: ReadonlyMap<string, Consent>,
  listed: readonly HostConversation[],
  options: CallOptions,
): Promise<HostConversation[]> {
  const held: HostConversation[] = [];
  for (const conversation of listed) {
    const consent = before.get(conversation.id);
    const isAllowed = conversation.isActive && conversation.consent === "allowed" && consent !== undefined && consent !== "allowed";
    if (!isAllowed) {
      held.push(conversation);
      continue;
    }
    const isHeld = await host.setConsent(conversation.id, consent, options).then(
      () => true,
      () => false,
    );
    options.signal?.throwIfAborted();
    if (isHeld) held.push({ ...conversation, consent });
  }
  return held;
}
