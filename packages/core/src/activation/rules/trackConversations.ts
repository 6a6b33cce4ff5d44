import type { Expectation, TrackedConversation } from "./trackedConversation.ts";
import type { HostConversation } from "../../ports/hostConversation.ts";
import type { ImportedConversation, ImportedHistory } from "../../imported/importedHistory.ts";
import { expectActivation, type ExpectationFacts } from "./expectActivation.ts";
import { closeGap, coverGap, openGap } from "./gap.ts";
import { mapChanged } from "./mapChanged.ts";

export type Tracked = readonly TrackedConversation[];

/** An import that is over: what it brought and how the client lists that now. */
export type FinishedImport = {
  history: ImportedHistory;
  /** Of its conversations, those that the client has. */
  listed: readonly HostConversation[];
  /** Whom of its DMs the user denied, by inbox id. @default nobody */
  deniedPeople?: ReadonlySet<string>;
  /** The DMs with people of its DMs that can be written already. @default not known */
  activeDms?: readonly HostConversation[] | undefined;
  /** @default not known, so that nobody counts as the user */
  ownInboxId?: string;
  ownInstallationId: string;
  atMs: number;
};

/** What one look at the client found. */
export type Look = ExpectationFacts & {
  /** The conversations that were asked for; absent when the client could not list them. */
  listed?: readonly HostConversation[] | undefined;
  ownInboxId: string;
  /** Whether what a stream may have missed of the newly active ones was fetched. */
  isBackfilled: boolean;
};

/**
 * Adds the inactive conversations of an import, and notes what it means for those that are tracked already. A newer archive fills their
 * gap, and changes neither their place nor the user's decision.
 */
export function addImported(
  tracked: Tracked,
  { history, listed, deniedPeople, activeDms, ownInboxId = "", ownInstallationId, atMs }: FinishedImport,
): Tracked {
  const imported = new Map(history.conversations.map((conversation) => [conversation.id, conversation]));
  const current = new Map(listed.map((conversation) => [conversation.id, conversation]));
  const written = indexOf(activeDms ?? []);
  const known = mapChanged(tracked, (conversation) => {
    const again = imported.get(conversation.id);
    imported.delete(conversation.id);
    if (!again) return conversation;
    const listing = current.get(conversation.id);
    if (isLost(conversation, listing)) return begin(listing, history, { ...again, wasRemoved: true }, atMs);
    if (activeDms && isHidden(conversation, listing, written)) return begin(listing, history, again, atMs);
    return withConsent(renew(conversation, history, again, ownInstallationId), listing);
  });
  const added = [...imported.values()].flatMap((conversation) => {
    const listing = current.get(conversation.id);
    if (listing?.isActive !== false) return [];
    const isPersonDenied = listing.peerInboxId !== undefined && deniedPeople?.has(listing.peerInboxId);
    const begun = { ...begin(listing, history, conversation, atMs), ...(isPersonDenied && { isPersonDenied }) };
    const active = isOpen(begun) ? activeFor(begun, written) : undefined;
    // It was active before the import: no stream missed a message of it.
    return [active ? toActive(begun, active, { nowMs: atMs, ownInboxId, isBackfilled: true }) : begun];
  });
  return added.length > 0 ? [...known, ...added] : known;
}

/**
 * What a look says about the tracked conversations. It gives the same array when nothing changes, and the same object for each unchanged
 * one.
 *
 * A DM counts as active when any DM with its peer is: a new one takes the history of the old one over.
 */
export function applyLook(tracked: Tracked, look: Look): Tracked {
  const listing = indexOf(look.listed ?? []);
  return mapChanged(tracked, (conversation) => trackOne(conversation, listing, look));
}

/** Whether a look finds one active that was not before. */
export function activatesAny(tracked: Tracked, { listed = [] }: Look): boolean {
  const listing = indexOf(listed.filter(({ isActive }) => isActive));
  return tracked.some((conversation) => isOpen(conversation) && activeFor(conversation, listing) !== undefined);
}

/** Whether it can still become active. */
export function isOpen({ status }: TrackedConversation): boolean {
  return status !== "active" && status !== "readOnly";
}

/** Whether messages that a stream missed are still to be fetched. */
export function owesBackfill(tracked: Tracked): boolean {
  return tracked.some(({ status, isBackfilled }) => status === "active" && isBackfilled === false);
}

/** A conversation that is active again as the host lists it: itself or the newer DM with its peer. */
export function toActive(
  conversation: TrackedConversation,
  { id, addedByInboxId }: HostConversation,
  { nowMs, ownInboxId, isBackfilled }: Pick<Look, "nowMs" | "ownInboxId" | "isBackfilled">,
): TrackedConversation {
  const byUser = id === conversation.id ? "otherInstallation" : "recreating";
  return {
    ...conversation,
    status: "active",
    activeAtMs: nowMs,
    activeId: id,
    activatedBy: addedByInboxId === ownInboxId ? byUser : "member",
    isBackfilled,
    gap: closeGap(conversation.gap, nowMs),
  };
}

function begin(
  listed: HostConversation,
  history: ImportedHistory,
  imported: ImportedConversation,
  restoredAtMs: number,
): TrackedConversation {
  const { id, kind, consent } = listed;
  const { lastMessageMs, wasRemoved, hasLeft, isOfOtherInbox, archived } = imported;
  // Of the two people of another inbox's DM, neither is the peer of this one.
  const peerInboxId = isOfOtherInbox ? undefined : listed.peerInboxId;
  const conversation = {
    id,
    kind,
    ...(peerInboxId !== undefined && { peerInboxId }),
    status: hasLeft || isOfOtherInbox ? ("readOnly" as const) : ("waiting" as const),
    consent,
    gap: openGap(history),
    restoredAtMs,
    ...(lastMessageMs !== undefined && { lastMessageMs }),
    ...(wasRemoved && { wasRemoved }),
    ...(hasLeft && { hasLeft }),
    ...(isOfOtherInbox && { isOfOtherInbox }),
    ...(archived && { archived }),
  };
  return { ...conversation, expectation: expectActivation(conversation, { nowMs: restoredAtMs }) };
}

function renew(
  known: TrackedConversation,
  history: ImportedHistory,
  imported: ImportedConversation,
  ownInstallationId: string,
): TrackedConversation {
  const gap = coverGap(known.gap, history, imported, ownInstallationId);
  const { lastMessageMs = -Infinity, archived } = imported;
  const isLater = lastMessageMs > (known.lastMessageMs ?? -Infinity);
  const isNewer = archived !== undefined && archived.exportedAtNs > (known.archived?.exportedAtNs ?? -1n);
  const isChanged = gap !== known.gap || isLater || isNewer;
  const renewed = isChanged ? { ...known, gap, ...(isLater && { lastMessageMs }), ...(isNewer && { archived }) } : known;
  return withMembership(renewed, known.gap.fromMs, history, imported);
}

/**
 * Whether the user left it, by the newest archive. One that this app did not make tells that the user left, but not that they are in it:
 * docs/sdk-facts.md#restored-membership-state.
 *
 * @param knownMs - the end of the newest archive so far
 */
function withMembership(
  renewed: TrackedConversation,
  knownMs: number,
  { endMs, installationId }: ImportedHistory,
  { hasLeft }: ImportedConversation,
): TrackedConversation {
  if (hasLeft) return endMs >= knownMs ? leave(renewed) : renewed;
  return endMs > knownMs && installationId !== undefined ? comeBack(renewed) : renewed;
}

/**
 * The user left it after the archive that it came from. An active conversation is theirs to leave, and their word to track it all the
 * same holds.
 */
function leave(known: TrackedConversation): TrackedConversation {
  if (known.status === "active" || known.status === "readOnly" || known.hasLeft === false) return known;
  return { ...known, status: "readOnly", hasLeft: true, expectation: { outlook: "unlikely", reason: "left" } };
}

/** Somebody has added the user again since they left. */
function comeBack(known: TrackedConversation): TrackedConversation {
  if (known.status !== "readOnly" || !known.hasLeft || known.isOfOtherInbox) return known;
  const { hasLeft: _over, ...waiting } = known;
  return { ...waiting, status: "waiting", expectation: expectActivation(waiting, { nowMs: known.restoredAtMs }) };
}

/** What is inactive has the consent that the import left it with. */
function withConsent(known: TrackedConversation, listed: HostConversation | undefined): TrackedConversation {
  if (listed?.isActive !== false || known.status === "active" || listed.consent === known.consent) return known;
  return { ...known, consent: listed.consent };
}

/** It was active here and is not any more: only a removal does that. */
function isLost({ status, id, activeId }: TrackedConversation, listed: HostConversation | undefined): listed is HostConversation {
  return status === "active" && activeId === id && listed?.isActive === false;
}

/** The newer DM with its person was active, and can't be written since the import brought later messages into the old one. */
function isHidden(
  { status, id, activeId, peerInboxId = "" }: TrackedConversation,
  listed: HostConversation | undefined,
  { activeByPeer }: Listing,
): listed is HostConversation {
  return status === "active" && activeId !== id && listed?.isActive === false && !activeByPeer.has(peerInboxId);
}

type Listing = {
  byId: ReadonlyMap<string, HostConversation>;
  activeByPeer: ReadonlyMap<string, HostConversation>;
};

function indexOf(listed: readonly HostConversation[]): Listing {
  const byId = new Map<string, HostConversation>();
  const activeByPeer = new Map<string, HostConversation>();
  for (const conversation of listed) {
    byId.set(conversation.id, conversation);
    if (conversation.isActive && conversation.peerInboxId !== undefined) activeByPeer.set(conversation.peerInboxId, conversation);
  }
  return { byId, activeByPeer };
}

/** What can be written again: the newer DM with its person if there is one, or the conversation itself. */
function activeFor({ id, peerInboxId }: TrackedConversation, { byId, activeByPeer }: Listing): HostConversation | undefined {
  const withPeer = peerInboxId === undefined ? undefined : activeByPeer.get(peerInboxId);
  if (withPeer && withPeer.id !== id) return withPeer;
  const own = byId.get(id);
  return own?.isActive ? own : undefined;
}

function trackOne(conversation: TrackedConversation, listing: Listing, look: Look): TrackedConversation {
  if (conversation.status === "active") return stayActive(conversation, listing, look);
  // Another member's message lets this installation in again, which is not the user's wish.
  if (conversation.status === "readOnly") return conversation;
  const found = activeFor(conversation, listing);
  return found ? toActive(conversation, found, look) : stayInactive(conversation, listing, look);
}

function stayActive(conversation: TrackedConversation, { byId }: Listing, { isBackfilled }: Look): TrackedConversation {
  const { id, activeId } = conversation;
  const backfilled = isBackfilled && conversation.isBackfilled === false;
  const rejoined = activeId !== id && !conversation.isRejoined && byId.get(id)?.isActive === true;
  return backfilled || rejoined
    ? { ...conversation, ...(backfilled && { isBackfilled }), ...(rejoined && { isRejoined: true }) }
    : conversation;
}

function stayInactive(conversation: TrackedConversation, { byId }: Listing, facts: ExpectationFacts): TrackedConversation {
  const consent = byId.get(conversation.id)?.consent ?? conversation.consent;
  const expectation = expectActivation({ ...conversation, consent }, facts);
  const status = statusOf(conversation, expectation, facts.nowMs);
  const isSame =
    status === conversation.status && consent === conversation.consent && isSameExpectation(expectation, conversation.expectation);
  return isSame ? conversation : { ...conversation, status, consent, expectation };
}

function statusOf({ status }: TrackedConversation, { untilMs = Infinity }: Expectation, nowMs: number): TrackedConversation["status"] {
  if (status !== "waiting" && status !== "stalled") return status;
  return nowMs >= untilMs ? "stalled" : "waiting";
}

function isSameExpectation(a: Expectation, b: Expectation): boolean {
  return a.outlook === b.outlook && a.reason === b.reason && a.untilMs === b.untilMs;
}
