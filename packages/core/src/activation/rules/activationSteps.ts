import type { HostConversation } from "../../ports/hostConversation.ts";
import type { ActivationMemory, AwaitedHistory } from "./activationMemory.ts";
import { mapChanged } from "./mapChanged.ts";
import { beginRecreating, canRecreate, failRecreating } from "./recreating.ts";
import { addImported, applyLook, type FinishedImport, isOpen, type Look, toActive, type Tracked } from "./trackConversations.ts";
import { dayMs } from "../../time/wallTime.ts";

/** How long history that was asked for may take until it arrives. */
const awaitedMs = dayMs;

/** What a look at the client found, before what belongs to it is applied. */
export type FoundLook = Omit<Look, "isBackfilled" | "otherInstallationSeenMs"> & {
  ownInstallationId: string;
  /** How long it took, in milliseconds. @default 0 */
  tookMs?: number;
};

/** The new DM, or why there is none. */
export type RecreateOutcome = { nowMs: number } & (
  | { dm: HostConversation; ownInboxId: string }
  | { dm?: undefined; isDenied?: boolean; code?: string }
);

/** Notes what an import brought. */
export function recordImport(memory: ActivationMemory, finished: FinishedImport): ActivationMemory {
  const { installationId } = finished.history;
  const { sourceInstallationIds = [] } = memory;
  const isNew =
    installationId !== undefined && installationId !== finished.ownInstallationId && !sourceInstallationIds.includes(installationId);
  return {
    ...withConversations(memory, addImported(memory.conversations, finished)),
    ...(isNew && { sourceInstallationIds: [...sourceInstallationIds, installationId] }),
  };
}

/** Notes what a look found: what is active now, what was waited for too long, and whether another installation is online. */
export function recordLook(memory: ActivationMemory, found: FoundLook, isBackfilled: boolean): ActivationMemory {
  const arrived = withArrived(memory, found);
  const look = { ...found, isBackfilled, otherInstallationSeenMs: arrived.otherInstallationSeenMs };
  const conversations = applyLook(arrived.conversations, look);
  const isSeen = conversations.some(({ activatedBy, activeAtMs }) => activatedBy === "otherInstallation" && activeAtMs === found.nowMs);
  if (!isSeen) return withConversations(arrived, conversations);
  const seen = recordOtherInstallation(arrived, found.nowMs);
  return withConversations(seen, applyLook(conversations, { ...look, otherInstallationSeenMs: found.nowMs }));
}

/** Another installation of the user is online: what it may activate is expected soon from now on. */
export function recordOtherInstallation(memory: ActivationMemory, seenMs: number): ActivationMemory {
  return { ...memory, otherInstallationSeenMs: seenMs };
}

/** The user dismisses conversations, or tracks them again; what is active stays so. */
export function setDismissed(memory: ActivationMemory, ids: readonly string[], isDismissed: boolean): ActivationMemory {
  return change(memory, ids, (conversation) => {
    const { status } = conversation;
    if (isDismissed && (status === "waiting" || status === "stalled")) return { ...conversation, status: "dismissed" };
    if (isDismissed || (status !== "dismissed" && status !== "readOnly") || conversation.isOfOtherInbox) return conversation;
    const { hasLeft } = conversation;
    return { ...conversation, status: "waiting", ...(hasLeft && { hasLeft: false }) };
  });
}

export function recordRecreatingBegun(memory: ActivationMemory, id = ""): ActivationMemory {
  return change(memory, [id], (conversation) => (canRecreate(conversation) ? beginRecreating(conversation) : conversation));
}

/** A new DM with the peer is there, active at once and with the old one's messages; or it did not work. */
export function recordRecreated(memory: ActivationMemory, id = "", outcome: RecreateOutcome): ActivationMemory {
  return change(memory, [id], (conversation) => {
    if (!outcome.dm) return failRecreating(conversation, outcome);
    return conversation.status === "active" ? conversation : toActive(conversation, outcome.dm, { ...outcome, isBackfilled: true });
  });
}

/** History was asked for, or is no longer awaited. Arrivals are the difference to what is inactive now. */
export function recordAwaited({ awaited: _before, ...memory }: ActivationMemory, awaited: AwaitedHistory | undefined): ActivationMemory {
  return { ...memory, ...(awaited && { awaited }) };
}

/** A process that ended while a DM was recreated knows nothing of the outcome. A look shows it. */
export function settleActivation(memory: ActivationMemory): ActivationMemory {
  return { ...memory, conversations: mapChanged(memory.conversations, (conversation) => failRecreating(conversation)) };
}

/** Whether nothing is left to look for. */
export function isSettled({ conversations, awaited }: ActivationMemory): boolean {
  return awaited === undefined && !conversations.some(isOpen);
}

/** Tracks what another installation sent and the SDK imported automatically. Each wait has an end. */
function withArrived(memory: ActivationMemory, { listed = [], nowMs, ownInstallationId }: FoundLook): ActivationMemory {
  const { awaited } = memory;
  if (!awaited) return memory;
  const { awaited: _over, ...rest } = memory;
  if (nowMs - awaited.askedAtMs >= awaitedMs) return rest;
  const known = new Set([...awaited.inactiveIds, ...memory.conversations.map(({ id }) => id)]);
  const arrived = listed.filter(({ id, isActive }) => !isActive && !known.has(id));
  if (arrived.length === 0) return memory;
  const history = { endMs: awaited.askedAtMs, conversations: arrived.map(({ id }) => ({ id })) };
  return recordImport(memory, { history, listed: arrived, ownInstallationId, atMs: nowMs });
}

function change(
  memory: ActivationMemory,
  ids: readonly string[],
  step: (conversation: Tracked[number]) => Tracked[number],
): ActivationMemory {
  const named = new Set(ids);
  return withConversations(
    memory,
    mapChanged(memory.conversations, (conversation) => (named.has(conversation.id) ? step(conversation) : conversation)),
  );
}

function withConversations(memory: ActivationMemory, conversations: Tracked): ActivationMemory {
  return conversations === memory.conversations ? memory : { ...memory, conversations };
}
