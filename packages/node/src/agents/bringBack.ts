import {
  type ArchiveEntry,
  type Backups,
  BackupError,
  type Clock,
  type Host,
  isBackupError,
  type KeyStore,
  recommendRestore,
  type RestoreResult,
} from "@xmtp-backup/core";
import { locked, newerVersion } from "./assertHistoryReadable.ts";
import { type HistoryNote, readHistoryNote, writeHistoryNote } from "./historyNote.ts";

/** Why an archive can't be restored although it was listed: an older one may serve. */
const unusable: ReadonlySet<string> = new Set([
  "ARCHIVE_NOT_FOUND",
  "ARCHIVE_EMPTY",
  "ARCHIVE_FOREIGN",
  "ARCHIVE_TRUNCATED",
  "ARCHIVE_DAMAGED",
  "ARCHIVE_KEY_OR_DAMAGE",
]);

type Wishes = {
  missingHistory: "refuse" | "accept";
  /** Installations that are still in the inbox are to be revoked afterwards: what each of them archived is restored too. @default false */
  mayRevoke?: boolean;
  /** Archives that other keys made are of others. */
  allowNewKey?: boolean | undefined;
  keys: KeyStore;
  clock: Pick<Clock, "now">;
  /** Is given what went wrong without being the end. */
  report(error: Error): void;
};

/** What became of an agent's history at the start. */
export type BroughtBack = {
  /** This installation had its history settled by an earlier start. */
  isSettled: boolean;
  restored?: RestoreResult;
  /** Some of the history is still to come: the next start tries again, and until then nothing may be revoked. @default false */
  isIncomplete?: true;
};

/** What restores brought, and whether they brought all that was chosen. */
type Outcome = { restored?: RestoreResult; isWhole: boolean };

/**
 * Restores the newest archive into a new installation; one that was settled by an earlier start stays as it is.
 *
 * The history is settled once every archive that was chosen came in whole. Until then each start restores again, which duplicates nothing.
 *
 * @throws KEY_WRONG or KEY_MISSING when a newer archive is locked
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version of this package made a newer archive
 * @throws HISTORY_MISSING when the inbox was used before, and none of its archives is there
 */
export async function bringBack(backups: Backups, host: Host, wishes: Wishes): Promise<BroughtBack> {
  const note = await readHistoryNote(host.journal);
  if (note.settledAtMs !== undefined) return { isSettled: true };
  const { restored, isWhole } = await restoreNewest(backups, host, await backups.list(), note, wishes);
  if (isWhole) await writeHistoryNote(host.journal, { ...note, settledAtMs: wishes.clock.now() });
  return { isSettled: false, ...(restored && { restored }), ...(!isWhole && { isIncomplete: true }) };
}

async function restoreNewest(
  backups: Backups,
  host: Host,
  listed: readonly ArchiveEntry[],
  note: HistoryNote,
  wishes: Wishes,
): Promise<Outcome> {
  const identity = await host.identity();
  const { inboxId } = identity;
  const archives = withoutOwn(listed, identity);
  const recommend = (among: readonly ArchiveEntry[]) =>
    recommendRestore({ archives: among, inboxId, otherInstallationOnline: false, nowMs: wishes.clock.now(), goal: "replaceDevice" });
  const { archive, older, reasons, then } = recommend(archives);
  const done = new Set<ArchiveEntry["id"]>();
  if (wishes.missingHistory === "refuse") {
    if (reasons.includes("archiveLocked") && !wishes.allowNewKey) throw await locked(wishes.keys);
    if (reasons.includes("archiveUnsupported")) throw newerVersion();
    if (archive === undefined) await assertUnused(host, archives.length);
  }
  if (reasons.includes("archiveDamaged"))
    wishes.report(new BackupError("ARCHIVE_DAMAGED", "An archive that would be newer can't be read: its manifest is damaged."));
  if (archive === undefined) {
    reportOthers(archives, wishes);
    return { isWhole: true };
  }
  try {
    const newest = await restore(archive);
    // It completes what is here already.
    const isCompleted = older === undefined || !then.includes("restoreOlder") || (await bring(older));
    const isAll = wishes.mayRevoke !== true || (await restoreOthers());
    return { restored: newest, isWhole: isWhole(newest) && isCompleted && isAll };
  } catch (error) {
    if (!isBackupError(error) || !unusable.has(error.code)) throw error;
    const others = archives.filter(({ id }) => id !== archive);
    const isAccepted = isAcceptable(error);
    if (others.some(({ details }) => details?.inboxId === inboxId)) {
      const outcome = await restoreNewest(backups, host, others, note, wishes);
      return { ...outcome, isWhole: outcome.isWhole && isAccepted };
    }
    if (!isAccepted) throw error;
    return { isWhole: true };
  }

  /**
   * An earlier container may have died before its own history was whole, and its archives don't show that. It had revoked nobody then: so what
   * each installation in the inbox has archived is restored.
   */
  async function restoreOthers(): Promise<boolean> {
    let isAll = true;
    for (const { id: installationId, isOwn } of await host.listInstallations()) {
      if (isOwn) continue;
      const its = recommend(archives.filter(({ details }) => details?.installationId === installationId));
      for (const id of [its.archive, its.then.includes("restoreOlder") ? its.older : undefined]) {
        if (id !== undefined && !done.has(id) && !(await bring(id))) isAll = false;
      }
    }
    return isAll;
  }

  /** Restores one beside the newest; says whether it came in whole, or the operator accepts that it can't. */
  function bring(id: ArchiveEntry["id"]): Promise<boolean> {
    return restore(id).then(isWhole, isAcceptable);
  }

  /** Notes first how far it reaches, so that the gate knows restored messages even after a kill in the middle of it. */
  async function restore(id: ArchiveEntry["id"]): Promise<RestoreResult> {
    done.add(id);
    const sentNs = archives.find((each) => each.id === id)?.details?.lastMessageNs;
    // A message of the future would hold back all that come before it.
    const sentMs = sentNs === undefined ? 0 : Math.min(Number(sentNs / 1_000_000n), wishes.clock.now());
    if (sentMs > (note.restoredUpToMs ?? 0)) await writeHistoryNote(host.journal, Object.assign(note, { restoredUpToMs: sentMs }));
    const result = await backups.restore(id);
    if (!isWhole(result)) wishes.report(incomplete(result));
    return result;
  }

  /** Reports why an archive could not be restored; says whether the operator accepts that. */
  function isAcceptable(error: unknown): boolean {
    wishes.report(error as Error);
    return wishes.missingHistory === "accept" && isBackupError(error) && unusable.has(error.code);
  }
}

/** Archives that this very installation made before its history was whole bring nothing, and hide what those of others hold. */
function withoutOwn(
  archives: readonly ArchiveEntry[],
  { inboxId, installationId }: { inboxId: string; installationId: string },
): readonly ArchiveEntry[] {
  const isOwn = ({ details }: ArchiveEntry) => details?.inboxId === inboxId && details.installationId === installationId;
  const isOfOther = (archive: ArchiveEntry) =>
    archive.seal === "open" &&
    archive.details.inboxId === inboxId &&
    archive.details.elements.includes("messages") &&
    archive.isOtherNetwork !== true &&
    !isOwn(archive);
  return archives.some(isOfOther) ? archives.filter((archive) => !isOwn(archive)) : archives;
}

function isWhole({ incompleteConversationIds }: RestoreResult): boolean {
  return incompleteConversationIds.length === 0;
}

/** A new inbox in a place with others' archives is what a wrong wallet key or network looks like, unless many share the place. */
function reportOthers(archives: readonly ArchiveEntry[], { allowNewKey, report }: Wishes): void {
  if (allowNewKey || !archives.some(({ seal }) => seal === "open")) return;
  const isElsewhere = archives.some((archive) => archive.seal === "open" && archive.isOtherNetwork);
  report(
    isElsewhere
      ? new BackupError("ARCHIVE_OTHER_NETWORK", "The agent starts without a history: the place for archives has one of another network.")
      : new BackupError("ARCHIVE_OTHER_INBOX", "The agent starts without a history: the place for archives has one of another inbox."),
  );
}

function incomplete({ messages: { restored, expected } }: RestoreResult): BackupError {
  return new BackupError("IMPORT_FAILED", `${restored} of ${expected} messages were restored; the next start of the agent tries again.`);
}

/** An inbox that has other installations had a history, unless this client holds it itself. */
async function assertUnused(host: Host, listed: number): Promise<void> {
  if ((await host.listConversations()).length > 0) return;
  const others = (await host.listInstallations()).filter(({ isOwn }) => !isOwn);
  if (others.length === 0) return;
  throw new BackupError("HISTORY_MISSING", "The agent's inbox was used before, and none of its archives is in the place for archives.", {
    details: `The inbox has other installations: ${others.length}. Archives that the place lists, of whatever inbox: ${listed}. The option that accepts it is missingHistory.`,
  });
}
