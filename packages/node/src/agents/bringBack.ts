import { type ArchiveEntry, type Backups, BackupError, type Clock, type Host, isBackupError, type KeyStore, recommendRestore, type RestoreResult } from "@xmtp-backup/core";
import { locked } from "./assertHistoryReadable.ts";

/** Notes beside the database that this installation has its history, or that there is none. */
const note = "agent-history";

/** Why an archive can't be restored although it was listed: an older one may serve. */
const unusable: ReadonlySet<string> = new Set(["ARCHIVE_NOT_FOUND", "ARCHIVE_EMPTY", "ARCHIVE_FOREIGN", "ARCHIVE_TRUNCATED", "ARCHIVE_DAMAGED", "ARCHIVE_KEY_OR_DAMAGE"]);

type Wishes = {
  missingHistory: "refuse" | "accept";
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
};

/**
 * Restores the newest archive into a new installation; one that was settled by an earlier start stays as it is.
 *
 * A restore that was cut off is not settled: the next start restores again, and what is there already is not duplicated.
 *
 * @throws KEY_WRONG or KEY_MISSING when a newer archive is locked
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version of this package made a newer archive
 * @throws HISTORY_MISSING when the inbox was used before, and none of its archives is there
 */
export async function bringBack(backups: Backups, host: Host, wishes: Wishes): Promise<BroughtBack> {
  if ((await host.journal.read(note)) !== undefined) return { isSettled: true };
  const restored = await restoreNewest(backups, host, await backups.list(), wishes);
  if (restored && restored.incompleteConversationIds.length > 0) wishes.report(incomplete(restored));
  else await host.journal.write(note, { version: 1, settledAtMs: wishes.clock.now() });
  return { isSettled: false, ...(restored && { restored }) };
}

async function restoreNewest(backups: Backups, host: Host, archives: readonly ArchiveEntry[], wishes: Wishes): Promise<RestoreResult | undefined> {
  const { inboxId } = await host.identity();
  const { archive, older, reasons, then } = recommendRestore({ archives, inboxId, otherInstallationOnline: false, nowMs: wishes.clock.now(), goal: "replaceDevice" });
  if (wishes.missingHistory === "refuse") {
    if (reasons.includes("archiveLocked") && !wishes.allowNewKey) throw await locked(wishes.keys);
    if (reasons.includes("archiveUnsupported")) throw new BackupError("ARCHIVE_VERSION_UNSUPPORTED", "A newer version of this package made the agent's newest archive.");
    if (archive === undefined) await assertUnused(host, archives.length);
  }
  if (reasons.includes("archiveDamaged")) wishes.report(new BackupError("ARCHIVE_DAMAGED", "An archive that would be newer can't be read: its manifest is damaged."));
  if (archive === undefined) {
    reportOthers(archives, wishes);
    return undefined;
  }
  try {
    const restored = await backups.restore(archive);
    // It completes what is here already.
    if (older !== undefined && then.includes("restoreOlder")) await backups.restore(older).catch(wishes.report);
    return restored;
  } catch (error) {
    if (!isBackupError(error) || !unusable.has(error.code)) throw error;
    wishes.report(error);
    const others = archives.filter(({ id }) => id !== archive);
    if (!others.some(({ details }) => details?.inboxId === inboxId)) throw error;
    return restoreNewest(backups, host, others, wishes);
  }
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
