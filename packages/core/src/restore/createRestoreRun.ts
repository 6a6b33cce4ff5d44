import type { ArchiveDeletion } from "@xmtp-backup/archive";
import { determinate } from "../tasks/progress.ts";
import type { ImportedHistory } from "../imported/importedHistory.ts";
import type { ArchivePreview, PreviewConversation, UncheckedFact } from "../archives/archivePreview.ts";
import type { HostIdentity } from "../ports/host.ts";
import { assertOwnArchive, assertOwnDms } from "./assertOwnArchive.ts";
import { createBringing, type TellBrought } from "../imported/createBringing.ts";
import { checkRestored, type CheckedRestore } from "./checkRestored.ts";
import { noteDeletions } from "../archives/deletionsNote.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import { ofOtherInbox } from "../archives/archivedDecisions.ts";
import { readActivation } from "../activation/activationNote.ts";
import { createDecisionHolder } from "../activation/holdDecisions.ts";
import type { Brought } from "../activation/noteDecisions.ts";
import { importChunks } from "./importChunks.ts";
import { toImportedHistory } from "./toImportedHistory.ts";
import { createDownloads } from "../archives/createDownloads.ts";
import type { InspectedArchive } from "../archives/inspectArchive.ts";
import { fetchSource, type OpenedSource, openSource } from "./openSource.ts";
import { bytesToRead, readSource } from "./readSource.ts";
import type { RestoreOptions } from "./restoreOptions.ts";
import { allEnded } from "../tasks/allEnded.ts";
import type { Stage, TaskSession } from "../tasks/createTaskSession.ts";
import type { SpooledChunk } from "./spoolChunks.ts";
import type { KnownSource } from "./toSource.ts";

/** What a verified archive holds: for the user, and for tracking its conversations. */
export type VerifiedArchive = { preview: ArchivePreview; history: ImportedHistory };

export type RestoreRun = {
  prepare: Stage;
  fetchArchive: Stage;
  verifyArchive: Stage<VerifiedArchive>;
  importArchive: Stage;
  checkConversations: Stage<CheckedRestore>;
  clean: Stage;
};

/** What is to know of a restore. */
export type RestoreListener = {
  tell: TellBrought;
  /** Notes what the import is about to bring, before it begins. */
  expect(history: ImportedHistory): Promise<void>;
};

/** The effects of one restore; the archive keys and the fetched bytes live in this closure and nowhere else. */
export function createRestoreRun(
  dependencies: Dependencies,
  session: TaskSession,
  source: KnownSource,
  options: RestoreOptions,
  { tell, expect }: RestoreListener,
): RestoreRun {
  const { host } = dependencies;
  const bringing = createBringing(
    dependencies,
    tell,
    async (call) => (await readActivation(dependencies.journal, call))?.conversations ?? [],
  );
  const downloads = createDownloads(host);
  let identity: HostIdentity;
  let opened: OpenedSource = { keys: [] };
  let blobs: readonly Blob[];
  let inspected: InspectedArchive;
  let preview: ArchivePreview;
  let history: ImportedHistory;
  let times: ReadonlyMap<string, BigInt64Array> = new Map();
  /** Those of the archive's deletions that count beyond the archive itself. */
  let deletions: readonly ArchiveDeletion[] = [];

  /** Whether the archive is another inbox's: its manifest says so, or a DM of a file that has none. */
  function isOfOther(): boolean {
    if (opened.entry) return opened.entry.details.inboxId !== identity.inboxId;
    return history.conversations.some(({ isOfOtherInbox }) => isOfOtherInbox);
  }

  return {
    prepare: session.stage("preparing", async ({ signal }) => {
      identity = await session.begin({ signal });
      opened = await openSource(dependencies, source, options, signal);
      if (opened.entry) assertOwnArchive(identity, opened.entry.details, options);
    }),

    fetchArchive: session.stage("fetching", async (tools) => {
      blobs = await fetchSource(dependencies, source, opened, downloads, tools);
    }),

    verifyArchive: session.stage("verifying", async ({ signal, report }) => {
      const { entry } = opened;
      const totalBytes = bytesToRead(blobs);
      inspected = await readSource(dependencies, blobs, opened, downloads, {
        signal,
        ...(options.unsent && { unsent: options.unsent }),
        onProgress: (doneBytes) => report(determinate(doneBytes, totalBytes, "bytes")),
      });
      const isOwn = entry !== undefined || assertOwnDms(identity, inspected, options);
      const unchecked = uncheckedOf(identity, opened, isOwn);
      deletions = hasSay(opened, options) ? inspected.deletions : [];
      preview = { ...inspected.preview, ...(unchecked.length > 0 && { unchecked }) };
      history = toImportedHistory(preview, identity.inboxId, entry);
      return { preview, history };
    }),

    importArchive: session.stage("importing", async (tools) => {
      const { signal } = tools;
      const decisions = createDecisionHolder(dependencies);
      const lookHere = async () => {
        times = await inspected.sentTimes();
        const archived = preview.conversations.map((each) => ({ ...each, times: times.get(each.id) ?? new BigInt64Array(0) }));
        await bringing.begin(archived, identity.inboxId, signal);
      };
      const prepare = () =>
        allEnded([
          () => expect(history),
          () => {
            const decided = isOfOther() ? ofOtherInbox(inspected.decisions) : inspected.decisions;
            return decisions.note(decided, broughtBy(preview, identity, opened), { signal });
          },
          lookHere,
          // Without the note an older archive may bring deleted messages back. The restore goes on all the same.
          () =>
            noteDeletions(dependencies.journal, deletions, { signal }).catch((error: unknown) => {
              signal.throwIfAborted();
              dependencies.log("warn", failureEvent("note.failed", error));
            }),
        ]);
      // Consent comes before the conversations: once there are some, nothing more changes about the people.
      const imported = async ({ conversationIds }: SpooledChunk) => {
        if (conversationIds.length > 0) await decisions.hold(conversationIds);
      };
      try {
        await importChunks(dependencies, inspected, options, { prepare, imported }, tools);
      } catch (error) {
        await bringing.breakOff(error);
        throw error;
      } finally {
        await decisions.hold();
      }
    }),

    checkConversations: session.stage("checking", (tools) => checkRestored(dependencies, preview, deletions, times, bringing, tools)),

    clean: async () => {
      await session.settle();
      await downloads.release();
      for (const key of opened.keys) key.fill(0);
      await session.end();
    },
  };
}

type Described = Pick<PreviewConversation, "id" | "memberInboxIds"> & { creatorInboxId?: string };

/** What else a restore brings to this installation. */
function broughtBy(
  { conversations }: { conversations: readonly Described[] },
  { inboxId, installationId }: HostIdentity,
  { entry }: OpenedSource,
): Brought {
  const peers = conversations.flatMap(({ id, memberInboxIds = [] }) => {
    const peer = memberInboxIds.includes(inboxId) ? memberInboxIds.find((each) => each !== inboxId) : undefined;
    return peer === undefined ? [] : [[id, peer] as const];
  });
  // What this installation backed up itself may have been made here, so that it was the user who allowed it.
  const isElsewhere = entry !== undefined && entry.details.installationId !== installationId;
  const made = isElsewhere ? conversations.filter(({ creatorInboxId }) => creatorInboxId === inboxId) : [];
  return { peers: new Map(peers), welcomed: new Set(made.map(({ id }) => id)) };
}

/**
 * Whether an archive has a say about messages of other ones: a key of the user's own made it, as its manifest or the key store proves.
 *
 * Anybody can make a file, and give it away with its key.
 */
function hasSay({ entry }: OpenedSource, { key }: RestoreOptions): boolean {
  return entry !== undefined || key === undefined;
}

/** What neither a manifest nor the archive's own DMs could tell. */
function uncheckedOf({ network }: HostIdentity, { entry }: OpenedSource, isOwn: boolean): UncheckedFact[] {
  const isNetworkKnown = entry?.details.network !== undefined && network !== undefined;
  return [
    ...(isOwn ? [] : (["inbox"] as const)),
    ...(isNetworkKnown ? [] : (["network"] as const)),
    ...(entry ? [] : (["wholeness"] as const)),
  ];
}
