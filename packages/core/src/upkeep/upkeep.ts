import type { ArchiveEntry, ArchiveRef } from "../archives/archiveEntry.ts";
import type { ArchivePreview, DeletedMessage } from "../archives/archivePreview.ts";
import type { CallOptions, TransferOptions } from "../ports/callOptions.ts";
import type { RestoreOptions, RestoreSource } from "../restore/restoreOptions.ts";
import type { Keep } from "../retention/rules/keep.ts";
import type { RetentionDecision } from "../retention/rules/planRetention.ts";

/**
 * The archives that are stored: what they hold, what the user wants of each, whether it is still whole, and what may go.
 *
 * Each call takes an archive by its id or by its entry, and rejects with `OPTIONS_INVALID` for anything else and for unknown options.
 */
export type Upkeep = {
  /**
   * The archives of the store, newest first. They include archives that can't be read here, with the reason as their `seal`, and marked
   * ones of another network.
   */
  list(options?: CallOptions): Promise<ArchiveEntry[]>;
  /** Reads and verifies a whole archive and says what it holds; nothing is imported. */
  inspect(source: RestoreSource, options?: RestoreOptions & CallOptions): Promise<ArchivePreview>;
  /**
   * The messages that this client shows although somebody deleted them for everyone: restored from an archive that did not know it,
   * before one that did. No call of the SDK removes them, so leave them out of what you show. Of the latest 10,000 deletions.
   *
   * @throws HOST_FAILED when the client can't look them up
   *
   * @example
   * ```ts
   * import type { Backups } from "@xmtp-backup/core";
   *
   * async function shownOf<T extends { id: string }>(backups: Backups, messages: readonly T[]): Promise<T[]> {
   *   const deleted = new Set((await backups.deletedMessages()).map(({ id }) => id));
   *   return messages.filter(({ id }) => !deleted.has(id));
   * }
   * ```
   */
  deletedMessages(options?: CallOptions): Promise<DeletedMessage[]>;
  /** Removes an archive from the store, whatever it is and whatever the policy says; does nothing when there is none. */
  remove(archive: ArchiveRef, options?: CallOptions): Promise<void>;
  /**
   * Names an archive, or takes its name away; a named one is kept whatever the policy says, unless `keep.pinned` is false.
   *
   * @throws OPTIONS_INVALID when the name has more than 200 characters
   * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed
   * @throws ARCHIVE_DAMAGED when the right key does not open its manifest
   * @throws KEY_MISSING when there is no key at all
   * @throws KEY_WRONG when none of the keys made it
   *
   * @example
   * ```ts
   * import type { Backups } from "@xmtp-backup/core";
   *
   * async function nameLatest(backups: Backups, name: string) {
   *   const [latest] = await backups.list();
   *   if (latest) await backups.rename(latest.id, name);
   * }
   * ```
   */
  rename(archive: ArchiveRef, name: string | undefined, options?: CallOptions): Promise<ArchiveEntry>;
  /**
   * Keeps an archive whatever the policy says, unless `keep.pinned` is false.
   *
   * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed
   * @throws ARCHIVE_DAMAGED when the right key does not open its manifest
   * @throws KEY_MISSING when there is no key at all
   * @throws KEY_WRONG when none of the keys made it
   */
  pin(archive: ArchiveRef, options?: CallOptions): Promise<ArchiveEntry>;
  /** Takes a pin away, so that the policy decides again; throws as `pin` does. */
  unpin(archive: ArchiveRef, options?: CallOptions): Promise<ArchiveEntry>;
  /**
   * Reads a stored archive back without restoring it: fetches an archive, reads and checks every record, and notes when it was found whole.
   *
   * `onProgress` gets bytes, up to the size of the archive; where the store downloads first, that is the first half.
   *
   * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed, or its bytes are gone
   * @throws ARCHIVE_EMPTY when there are no bytes
   * @throws ARCHIVE_TRUNCATED when its end is missing
   * @throws ARCHIVE_DAMAGED when it is not what was stored
   * @throws KEY_MISSING when there is no key at all
   * @throws KEY_WRONG when none of the keys made it
   *
   * @example
   * ```ts
   * import type { Backups } from "@xmtp-backup/core";
   *
   * async function readBack(backups: Backups) {
   *   for (const { id } of await backups.list()) {
   *     const { details } = await backups.verify(id);
   *     console.log(id, details?.verifiedAtMs);
   *   }
   * }
   * ```
   */
  verify(archive: ArchiveRef, options?: TransferOptions): Promise<ArchiveEntry>;
  /**
   * Encrypts an archive with the newest key, as is worth doing after a rotation. A copy takes its place, under another id, once it was
   * read back and listed. One that has the newest key already stays as it is. Somebody who copied the old archive can still read that
   * with the old key.
   *
   * `onProgress` gets bytes, up to the size of the archive, while it is fetched and checked; the rest takes about as long.
   *
   * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed, or it is removed meanwhile
   * @throws ARCHIVE_DAMAGED when it is not what was stored; it stays, since some of it may be read by other means
   * @throws KEY_MISSING when there is no key at all
   * @throws KEY_WRONG when none of the keys made it
   * @throws STORE_FULL when there is no room for both for a moment
   * @throws STORE_MISMATCH when the store loses the copy before it is in place; the archive stays as it was
   *
   * @example
   * ```ts
   * import type { Backups } from "@xmtp-backup/core";
   *
   * async function rekeyAll(backups: Backups) {
   *   for (const { id } of await backups.list()) await backups.rekey(id);
   * }
   * ```
   */
  rekey(archive: ArchiveRef, options?: TransferOptions): Promise<ArchiveEntry>;
  /**
   * Makes a whole archive of an increment and all that it is based on, and puts it in its place. The client is not asked. The copy is read
   * back and listed before the increment is removed. The archives before it stay. An archive that is no increment stays as it is.
   *
   * @throws as `verify` does, and what the store throws when it is full or can't be written
   *
   * @example
   * ```ts
   * import type { Backups } from "@xmtp-backup/core";
   *
   * async function consolidateNewest(backups: Backups) {
   *   const [newest] = await backups.list();
   *   if (newest?.details?.increment) await backups.consolidate(newest);
   * }
   * ```
   */
  consolidate(archive: ArchiveRef, options?: TransferOptions): Promise<ArchiveEntry>;
  /**
   * The dry run of pruning: which archives would stay and which would go now, newest first, with the reasons.
   *
   * @param keep - the rules to try. @default the policy's
   * @throws POLICY_INVALID when a rule is wrong, or none keeps anything
   *
   * @example
   * ```ts
   * import { type Backups, describeRetention } from "@xmtp-backup/core";
   *
   * async function explain(backups: Backups) {
   *   for (const { id, action, reasons } of await backups.planRetention({ last: 3, monthly: 12 })) {
   *     console.log(id, action, describeRetention(reasons).join(" "));
   *   }
   * }
   * ```
   */
  planRetention(keep?: Keep, options?: CallOptions): Promise<RetentionDecision[]>;
  /**
   * The user says that the newest archive is right, although earlier ones hold more. `status$` and `reminders$` then drop the matter, and
   * the larger ones come under the rules again. It is remembered on this device, for this drop only.
   *
   * @throws JOURNAL_FAILED when it can't be noted
   * @throws STORE_UNAVAILABLE when the place for archives can't be reached
   *
   * @example
   * ```ts
   * import type { Backups } from "@xmtp-backup/core";
   *
   * function askAboutSmaller(backups: Backups, ask: (question: string) => Promise<boolean>) {
   *   return backups.status$.subscribe(async ({ smaller }) => {
   *     if (!smaller) return;
   *     const isRight = await ask(`Only ${smaller.messages} of ${smaller.than.messages} messages are backed up now. Did you remove the others?`);
   *     if (isRight) await backups.acceptSmaller();
   *   });
   * }
   * ```
   */
  acceptSmaller(options?: CallOptions): Promise<void>;
};
