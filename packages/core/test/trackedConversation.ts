import type { TrackedConversation } from "../src/activation/rules/trackedConversation.ts";
import type { HostConversation } from "../src/ports/hostConversation.ts";
import { expectActivation } from "../src/activation/rules/expectActivation.ts";
import type { FoundLook } from "../src/activation/rules/activationSteps.ts";

export const ownInboxId = "me";
export const ownInstallationId = "my phone";

/** A conversation that was restored at 0 and waits; a DM when it has a peer. */
export function tracked(id: string, change: Partial<TrackedConversation> = {}): TrackedConversation {
  const base = {
    id,
    kind: change.peerInboxId === undefined ? ("group" as const) : ("dm" as const),
    status: "waiting" as const,
    consent: "allowed" as const,
    gap: { fromMs: 0 },
    restoredAtMs: 0,
    ...change,
  };
  return { expectation: expectActivation(base, { nowMs: base.restoredAtMs }), ...base };
}

/** A conversation as the host lists it, inactive unless said otherwise. */
export function listed(id: string, change: Partial<HostConversation> = {}): HostConversation {
  return {
    id,
    kind: change.peerInboxId === undefined ? "group" : "dm",
    isActive: false,
    createdAtNs: 0n,
    consent: "allowed",
    ...change,
  };
}

/** What a look at such a listing has found. */
export function found(conversations: readonly HostConversation[] | undefined, nowMs = 0): FoundLook {
  return { nowMs, ownInboxId, ownInstallationId, ...(conversations && { listed: conversations }) };
}
