import { breathe, hashArchive } from "@xmtp-backup/archive";
import { BackupError, isBackupError } from "../errors/backupError.ts";
import type { ArchiveDetails, ArchiveEntry } from "../archives/archiveEntry.ts";
import { allElements } from "../ports/element.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { determinate } from "../tasks/progress.ts";
import type { HostIdentity, TemporaryArchive } from "../ports/host.ts";
import type { ActivationMemory } from "../activation/rules/activationMemory.ts";
import { readExpected } from "../activation/activationNote.ts";
import { assertKept } from "../archives/assertKept.ts";
import { assertPoint } from "../archives/assertPoint.ts";
import { inTurn } from "../archives/inTurn.ts";
import { backupDetails } from "./backupDetails.ts";
import { writeArchiveSize } from "../archives/archiveSizeNote.ts";
import type { BackupOptions } from "./backupOptions.ts";
import { currentInstallations } from "../archives/currentInstallations.ts";
import { createDownloads } from "../archives/createDownloads.ts";
import { readDeletions } from "../archives/deletionsNote.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { type ClientExport, exportClient } from "./exportClient.ts";
import { keepCopy } from "./copyOfWhole.ts";
import { inspectArchive } from "../archives/inspectArchive.ts";
import { fetchAtMost } from "../archives/fetchAtMost.ts";
import { mergeSlices, type MergeSlicesOptions } from "./mergeSlices.ts";
import { forgetSlices } from "./keptSlices.ts";
import { keyForBackup } from "./keyForBackup.ts";
import { distrust, type ReusedArchive } from "./reusedArchive.ts";
import { pruneStored } from "../retention/pruneStored.ts";
import { isWhole } from "../retention/rules/isWhole.ts";
import { restoredValues } from "./restoredValues.ts";
import { type SentTimes, uniteTimes } from "./rules/sentTimes.ts";
import { checkIncrement, incrementDetails, mergeIncrement } from "./makeIncrement.ts";
import type { BackupRules } from "./backupRules.ts";
import { fingerprintOf } from "../archives/manifestKey.ts";
import { wantsIncrement } from "./rules/wantsIncrement.ts";
import { openStore } from "../ports/openStore.ts";
import type { Stage, TaskSession } from "../tasks/createTaskSession.ts";
import { writeManifest } from "../archives/writeManifest.ts";

export type BackupRun = {
  prepare: Stage;
  exportSlices: Stage;
  mergeSlices: Stage;
  verifyArchive: Stage;
  storeArchive: Stage;
  confirmArchive: Stage;
  listArchive: Stage<ArchiveEntry>;
  pruneArchives: Stage<ArchiveId[]>;
  discardArchive: Stage;
  clean: Stage;
};

/** The effects of one backup; the archive key and the archive itself live in this closure and nowhere else. */
export function createBackupRun(
  dependencies: Dependencies,
  session: TaskSession,
  id: ArchiveId,
  options: BackupOptions,
  { increments, ...retention }: BackupRules,
  recallActivation: () => Promise<ActivationMemory>,
): BackupRun {
  const { host, store, journal, clock, appVersion, allowNewKey } = dependencies;
  const { primitives } = host;
  const createdAtMs = clock.now();
  let identity: HostIdentity;
  let key: Uint8Array = new Uint8Array();
  let exported: ClientExport | undefined;
  let archive: TemporaryArchive | undefined;
  let details: ArchiveDetails;
  /** Messages that were deleted for everyone, and that the archive leaves out on purpose. */
  let deleted: SentTimes = new Map();
  let isStored = false;
  /** What the archive is based on, where it is an increment. */
  let base: ReusedArchive | undefined;
  /** What the host keeps of slices is of this backup. */
  let ownsSlices = false;
  /** What was exported is worth keeping for the next backup: this one failed for another reason. */
  let isResumable = false;
  /** Of the inbox, once the network has said it. */
  let installationIds: readonly string[] | undefined;

  /** A stage that, where it fails, may fail because of the last archive. The next backup does without that one. */
  const stageOnLast: typeof session.stage = (name, run) =>
    session.stage(name, async (tools) => {
      try {
        return await run(tools);
      } catch (error) {
        if (exported?.reused && !tools.signal.aborted) await distrust(journal, exported.reused.id);
        throw error;
      }
    });

  /** A stage whose failure says nothing of the exported slices. */
  const resumableStage: typeof session.stage = (name, run) =>
    session.stage(name, async (tools) => {
      try {
        return await run(tools);
      } catch (error) {
        isResumable = !tools.signal.aborted && !(isBackupError(error) && error.code === "DEVICE_FULL");
        throw error;
      }
    });

  /** Whether the next archive is an increment of the last one. */
  async function isIncrement({ reused, slices, survey, shortfall }: ClientExport): Promise<boolean> {
    if (!reused || !increments || options.whole || survey.broken.length > 0 || shortfall.ranges.length > 0) return false;
    const newBytes = slices.reduce((sum, { blob }) => sum + blob.size, 0);
    const chain = reused.chain.map(({ entry }) => entry);
    return wantsIncrement({ chain, newBytes, keyFingerprint: await fingerprintOf(key), nowMs: createdAtMs }, increments);
  }

  return {
    prepare: session.stage("preparing", async ({ signal }) => {
      identity = await session.begin({ signal });
      await openStore(store, { signal });
      key = await keyForBackup(dependencies, { allowNewKey: options.allowNewKey ?? allowNewKey }, { signal });
      installationIds = await currentInstallations(dependencies, { signal });
    }),

    exportSlices: resumableStage("exporting", async (tools) => {
      const onKeeping = () => (ownsSlices = true);
      exported = await exportClient(dependencies, identity, key, options, createdAtMs, { ...tools, onKeeping });
    }),

    mergeSlices: stageOnLast("merging", async ({ signal, report }) => {
      const { release, survey, comparison, ...parts } = have(exported);
      // What an import that was cut off brought is not tracked before the next start.
      const [tracked, expected] = [await recallActivation(), await readExpected(journal, { signal })];
      const remembered = [...tracked.conversations, ...(expected?.conversations ?? [])];
      const known = {
        signal,
        deletions: await readDeletions(journal, { signal }),
        restoredValues: restoredValues(identity.inboxId, survey.inactiveIds, remembered),
      };
      base = (await isIncrement(have(exported))) ? exported?.reused : undefined;
      const merged = base ? await mergeIncrement(host, parts, base, key, known) : await mergeAll(host, parts, key, { ...known, report });
      archive = merged.archive;
      deleted = uniteTimes(comparison?.deletedMessages ?? new Map(), merged.deleted);
      if (!base) await release();
    }),

    verifyArchive: stageOnLast("verifying", async ({ signal, report }) => {
      const { blob } = have(archive);
      const checked = base && (await checkIncrement(host, blob, key, base, { signal }));
      // Of the whole archive, whatever a restore would leave out.
      const inspected =
        checked?.point ??
        (await inspectArchive(blob, key, {
          signal,
          primitives,
          onProgress: (doneBytes) => report(determinate(doneBytes, blob.size, "bytes")),
          unsent: "keep",
          nowMs: 0,
        }));
      if (checked) deleted = uniteTimes(deleted, checked.deleted);
      // Of thousands of conversations, each step is a turn of the event loop.
      await breathe();
      const tracked = await recallActivation();
      const exports = have(exported);
      const sentTimes = exports.comparison ? await inspected.sentTimes() : new Map<string, BigInt64Array>();
      await breathe();
      const facts = { options, identity, appVersion, installationIds, tracked, inspected, deleted, createdAtMs, sentTimes };
      details = backupDetails({ ...facts, exported: exports });
      if (checked && base) details = incrementDetails(details, checked, base.chain.at(-1)?.entry.details.conversations ?? []);
      if (base) await exports.release();
    }),

    storeArchive: resumableStage("storing", async ({ signal, report }) => {
      const { blob } = have(archive);
      isStored = true;
      await store.put(id, blob, { signal, onProgress: (doneBytes) => report(determinate(doneBytes, blob.size, "bytes")) });
    }),

    confirmArchive: resumableStage("confirming", async ({ signal, report }) => {
      const { size } = have(archive).blob;
      const downloads = createDownloads(host);
      try {
        const stored = await fetchAtMost(store, id, size, downloads, { signal });
        const sha256 = await hashArchive(stored, {
          signal,
          primitives,
          onProgress: ({ doneBytes }) => report(determinate(doneBytes, size, "bytes")),
        });
        if (stored.size !== size || sha256 !== details.sha256) {
          throw new BackupError("STORE_MISMATCH", "The store gives back other bytes than were stored.", {
            details: `Stored ${size} bytes, read back ${stored.size}.`,
          });
        }
      } finally {
        await downloads.release();
      }
      details = { ...details, verifiedAtMs: clock.now() };
    }),

    listArchive: resumableStage("listing", async ({ signal }) => {
      const sizeBytes = have(archive).blob.size;
      const write = () => writeManifest(store, { id, createdAtMs, sizeBytes }, details, key, { signal });
      // In turn with removals: either one sees the increment, or the increment sees that its base is gone.
      const entry = base
        ? await inTurn(store, { signal }, async () => {
            await write();
            return assertPoint(store, id, key, { signal });
          })
        : await write();
      await assertKept(store, id, sizeBytes, { signal });
      // The size of an increment says nothing of that of a whole archive.
      if (options.startNs === undefined && options.endNs === undefined && !base)
        await writeArchiveSize(journal, { messages: details.counts.messages, sizeBytes }, { signal });
      if (isWhole({ ...options, elements: options.elements ?? allElements }))
        await keepCopy(
          dependencies,
          { id, details, baseIds: base?.chain.map(({ entry: { id: each } }) => each) ?? [] },
          have(archive).blob,
          { signal },
        );
      return entry;
    }),

    // Once revoked is revoked for good, whether or not the network still answers.
    pruneArchives: session.stage("pruning", async ({ signal }) =>
      details.madeByRevoked ? [] : pruneStored(dependencies, identity, retention, id, { signal }),
    ),

    discardArchive: async () => {
      await session.settle();
      key.fill(0);
      await exported?.release();
      await archive?.release();
      if (ownsSlices && !isResumable) await forgetSlices(dependencies);
      try {
        if (isStored) await store.remove(id);
      } finally {
        await session.end();
      }
    },

    clean: async () => {
      key.fill(0);
      await archive?.release();
      // A whole archive holds what any kept slice does; the slices of another backup stay for it.
      if (ownsSlices || details.freshAtMs !== undefined) await forgetSlices(dependencies);
      await session.end();
    },
  };
}

/** The slices, and the archive that they go on from, as one archive. */
async function mergeAll(
  host: Dependencies["host"],
  parts: Parameters<typeof mergeSlices>[0],
  key: Uint8Array,
  options: MergeSlicesOptions,
): Promise<{ archive: TemporaryArchive; deleted: SentTimes }> {
  const { stream, deleted } = await mergeSlices(parts, key, options);
  return { archive: await host.spool(stream, { signal: options.signal }), deleted };
}

function have<T>(made: T | undefined): T {
  if (made === undefined) throw new BackupError("EXPORT_FAILED", "There is no exported archive.");
  return made;
}
