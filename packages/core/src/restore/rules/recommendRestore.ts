import { assertTimeMs, invalid } from "../../errors/assertOptions.ts";
import { assertShape, type OptionKind } from "../../errors/assertShape.ts";
import type { RestoreReason, RestoreRecommendation, RestoreRoute, RestoreStep } from "./restoreRecommendation.ts";
import type { SyncArchive } from "../../ports/syncArchive.ts";
import {
  isElsewhere,
  isOfRevoked,
  isOwnHistory,
  isSound,
  newestOffer,
  type OpenArchive,
  ownNewestFirst,
  reachOf,
  type RestorableArchive,
} from "./restorableArchives.ts";
import { hourMs } from "../../time/wallTime.ts";

/** What the user is about: a device instead of the old one, one more beside it, or a copy in a place of their own. */
export type RestoreGoal = "replaceDevice" | "addDevice" | "keepCopy";

/** What a way to the history is chosen by. */
export type RestoreFacts = {
  /** Another installation of the user runs now, or the user can open it now. */
  otherInstallationOnline: boolean;
  /** What the store lists, in any order. */
  archives: readonly RestorableArchive[];
  inboxId: string;
  /**
   * The network that the client is connected to, as `networkName` names it: archives of another one are left out.
   *
   * @default as the list of archives says: `backups.list()` marks those of another one
   */
  network?: string | undefined;
  /**
   * This installation, whose own offers do not count, nor its newest archive where one of another installation holds more. @default all
   * count
   */
  installationId?: string | undefined;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** @default not known */
  goal?: RestoreGoal | undefined;
  /** The user signs in with a wallet or passkey that apps of several developers share. @default false */
  sharedIdentity?: boolean | undefined;
  /** What other installations have offered through history sync, in any order. @default nothing */
  syncArchives?: readonly SyncArchive[] | undefined;
};

/** An offer older than this is not taken while whoever made it may be online and can send a newer one. */
const freshOfferMs = hourMs;

/**
 * Says which way to the history fits, why, and what to do next.
 *
 * History sync fits devices that are used side by side and identities that several apps share, as long as another installation is there
 * to send. An archive fits everything else. Where there are both, the archive goes first and history sync brings what was sent since. The
 * newest archive that can be read is taken even when it was never verified, because a restore verifies everything before it imports
 * anything. An older one completes an archive with missing messages, because imports only add. An archive that this very installation
 * made comes after one of another installation that holds more.
 *
 * @throws OPTIONS_INVALID when a fact is missing, unknown or of another kind
 *
 * @example
 * ```ts
 * import { type Backups, recommendRestore } from "@xmtp-backup/core";
 *
 * async function bringBack(backups: Backups, inboxId: string, otherInstallationOnline: boolean): Promise<void> {
 *   const archives = await backups.list();
 *   const { archive } = recommendRestore({ archives, inboxId, otherInstallationOnline, nowMs: Date.now(), goal: "replaceDevice" });
 *   const entry = archives.find(({ id }) => id === archive);
 *   if (entry) await backups.restore(entry).result;
 * }
 * ```
 */
export function recommendRestore(facts: RestoreFacts): RestoreRecommendation {
  assertFacts(facts);
  const { otherInstallationOnline: isOnline, archives, installationId: ownId, nowMs, syncArchives = [] } = facts;
  const own = ownNewestFirst(archives, facts, nowMs);
  const newest = newestToTake(own, ownId);
  const offers = syncArchives.filter(({ installationId }) => installationId !== ownId);
  const offer = newestOffer(offers, nowMs, newest && reachOf(newest));
  const taken = (isOnline || offer) && fitsSync(facts) ? undefined : newest;
  const older = taken && olderOf(own, taken);
  const choice: Choice = {
    route: routeOf(taken !== undefined, isOnline || offer !== undefined),
    newest,
    taken,
    older,
    pin: offer && (!isOnline || nowMs - offer.exportedAtMs <= freshOfferMs) ? offer.pin : undefined,
  };
  const reasons = reasonsOf(facts, choice);
  const common = { reasons, then: stepsOf(facts, choice, reasons), ...(choice.pin !== undefined && { pin: choice.pin }) };
  if (!taken) return { route: choice.route === "none" ? "none" : "historySync", ...common };
  const route = choice.route === "both" ? "both" : "archive";
  return { route, archive: taken.id, reachesMs: reachOf(taken), ...(older && { older: older.id }), ...common };
}

const shape = {
  otherInstallationOnline: "boolean",
  archives: "object",
  inboxId: "text",
  network: "text?",
  installationId: "text?",
  nowMs: "number",
  goal: "text?",
  sharedIdentity: "boolean?",
  syncArchives: "object?",
} as const satisfies Record<keyof RestoreFacts, OptionKind>;

const goals = ["replaceDevice", "addDevice", "keepCopy"] as const satisfies readonly RestoreGoal[];

function assertFacts(facts: RestoreFacts): void {
  assertShape("recommendRestore", facts, shape);
  const { archives, syncArchives = [], nowMs, goal } = facts;
  for (const [name, list] of Object.entries({ archives, syncArchives })) {
    if (!Array.isArray(list))
      throw invalid(
        `recommendRestore: ${name} is a list.`,
        `Pass what ${name === "archives" ? "backups.list()" : "backups.historySync.available()"} gives.`,
      );
  }
  assertTimeMs("recommendRestore: nowMs", nowMs);
  if (goal !== undefined && !goals.includes(goal)) throw invalid(`recommendRestore: goal is ${goals.join(", ")} or absent.`);
}

/**
 * The newest archive, but for one that this installation made while one of another installation holds more.
 *
 * A new device may have made one before it was restored. It holds only what is here already.
 */
function newestToTake(own: readonly OpenArchive[], ownId: string | undefined): OpenArchive | undefined {
  const [newest] = own;
  const isOwn = ({ details: { installationId } }: OpenArchive) => installationId !== undefined && installationId === ownId;
  return (newest && isOwn(newest) && own.find((other) => !isOwn(other) && holdsMore(other, newest))) || newest;
}

type Choice = {
  route: RestoreRoute;
  newest: OpenArchive | undefined;
  /** The newest archive, unless history sync fits better. */
  taken: OpenArchive | undefined;
  older: OpenArchive | undefined;
  pin: string | undefined;
};

/** Whether history sync fits better than an archive where both can be had; one of the other goals outweighs a shared identity. */
function fitsSync({ goal, sharedIdentity = false }: RestoreFacts): boolean {
  return goal === "addDevice" || (goal === undefined && sharedIdentity);
}

function routeOf(takesArchive: boolean, canSync: boolean): RestoreRoute {
  if (takesArchive) return canSync ? "both" : "archive";
  return canSync ? "historySync" : "none";
}

function reasonsOf(facts: RestoreFacts, { route, newest, taken, older, pin }: Choice): RestoreReason[] {
  const { goal, sharedIdentity, otherInstallationOnline: isOnline, archives, inboxId } = facts;
  const syncs = route === "both" || route === "historySync";
  const sinceMs = taken ? reachOf(taken) : newest ? Infinity : -Infinity;
  // One that does not say when it was made may be the newest.
  const isNewer = ({ createdAtMs }: RestorableArchive) => createdAtMs > sinceMs || createdAtMs === 0;
  const isUnread = (seal: RestorableArchive["seal"]) => archives.some((archive) => archive.seal === seal && isNewer(archive));
  return pick<RestoreReason>(
    taken && goal === "replaceDevice" && "replacesDevice",
    taken && goal === "keepCopy" && "keepsCopy",
    syncs && goal === "addDevice" && "addsDevice",
    syncs && sharedIdentity && "sharedIdentity",
    isOnline && "otherOnline",
    pin !== undefined && "syncOffered",
    !syncs && "otherOffline",
    taken && isSound(taken) && "archiveSound",
    taken && taken.details.verifiedAtMs === undefined && "archiveUnverified",
    taken && taken.details.missingMessages !== undefined && "archiveIncomplete",
    taken && isOfRevoked(taken) && "archiveOfRevoked",
    taken && older && holdsMore(older, taken) && "olderHoldsMore",
    !newest && "noArchive",
    isUnread("otherKey") && "archiveLocked",
    (isUnread("damaged") || isUnread("chainBroken")) && "archiveDamaged",
    isUnread("unsupported") && "archiveUnsupported",
    archives.some((archive) => isOwnHistory(archive, inboxId) && isElsewhere(archive, facts) && isNewer(archive)) && "otherNetwork",
    !newest && archives.some(({ details }) => details && details.inboxId !== inboxId) && "otherInbox",
  );
}

/** Another installation makes conversations active and has what came since, whatever the route. */
function stepsOf(
  { goal, otherInstallationOnline }: RestoreFacts,
  { route, newest, older }: Choice,
  reasons: readonly RestoreReason[],
): RestoreStep[] {
  return pick<RestoreStep>(
    older && (reasons.includes("olderHoldsMore") || reasons.includes("archiveIncomplete")) && "restoreOlder",
    route === "both" && "historySync",
    reasons.includes("archiveLocked") && "unlockArchives",
    reasons.includes("archiveUnsupported") && "updateApp",
    !otherInstallationOnline && "openOtherInstallation",
    !newest && (route === "historySync" || goal === "keepCopy") && "backUp",
  );
}

/** The verified one that holds the most, if that is more than the archive taken holds; else a sound one where that one is not. */
function olderOf(own: readonly OpenArchive[], taken: OpenArchive): OpenArchive | undefined {
  const verified = own.filter((other) => other !== taken && other.details.verifiedAtMs !== undefined);
  const most = verified.reduce((best, other) => (holdsMore(other, best) ? other : best), taken);
  if (most !== taken) return most;
  return isSound(taken) ? undefined : verified.find(isSound);
}

function holdsMore(one: OpenArchive, other: OpenArchive): boolean {
  return one.details.counts.messages > other.details.counts.messages;
}

/** Those of the codes whose condition holds. */
function pick<Code extends string>(...codes: (Code | false | undefined)[]): Code[] {
  return codes.filter((code): code is Code => typeof code === "string");
}
