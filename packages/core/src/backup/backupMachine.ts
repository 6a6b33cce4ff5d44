import { assign, setup } from "xstate";
import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { indeterminate, type Progress } from "../tasks/progress.ts";
import { unprovided } from "../tasks/unprovided.ts";

export type BackupInput = { archiveId: ArchiveId };

/** What a backup made, and what its clean-up of old archives did. */
export type BackupOutput = {
  entry: ArchiveEntry;
  prunedIds: ArchiveId[];
  /** Why old archives could not be removed; the new one is safe all the same. */
  pruneError?: Error;
};

type BackupContext = BackupInput & {
  progress: Progress;
  entry?: ArchiveEntry;
  prunedIds: ArchiveId[];
  pruneError?: Error;
  error?: Error;
};

export type BackupEvent = { type: "backup.cancel" };

/**
 * One backup from request to a listed archive.
 *
 * `making` (`preparing → exporting → merging → verifying → storing → confirming`) `→ listing → pruning → cleaning → succeeded`. An
 * error or a cancel before the archive is listed goes through `discarding`, which leaves nothing of it behind.
 */
export const backupMachine = setup({
  types: {
    context: {} as BackupContext,
    events: {} as BackupEvent,
    tags: {} as "cancellable",
    input: {} as BackupInput,
    output: {} as BackupOutput | undefined,
  },
  actors: {
    prepare: unprovided(),
    exportSlices: unprovided(),
    mergeSlices: unprovided(),
    verifyArchive: unprovided(),
    storeArchive: unprovided(),
    confirmArchive: unprovided(),
    listArchive: unprovided<ArchiveEntry>(),
    pruneArchives: unprovided<ArchiveId[]>(),
    discardArchive: unprovided(),
    clean: unprovided(),
  },
  actions: {
    clearProgress: assign({ progress: indeterminate }),
  },
  guards: {
    hasFailed: ({ context }) => context.error !== undefined,
  },
}).createMachine({
  id: "backup",
  context: ({ input }) => ({ ...input, progress: indeterminate, prunedIds: [] }),
  initial: "making",
  output: ({ context: { entry, prunedIds, pruneError } }) => entry && { entry, prunedIds, ...(pruneError && { pruneError }) },
  states: {
    making: {
      tags: "cancellable",
      on: { "backup.cancel": "discarding" },
      initial: "preparing",
      states: {
        preparing: {
          invoke: {
            src: "prepare",
            onDone: "exporting",
            onError: { target: "#backup.discarding", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        exporting: {
          entry: "clearProgress",
          invoke: {
            src: "exportSlices",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: "merging",
            onError: { target: "#backup.discarding", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        merging: {
          entry: "clearProgress",
          invoke: {
            src: "mergeSlices",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: "verifying",
            onError: { target: "#backup.discarding", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        verifying: {
          entry: "clearProgress",
          invoke: {
            src: "verifyArchive",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: "storing",
            onError: { target: "#backup.discarding", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        storing: {
          entry: "clearProgress",
          invoke: {
            src: "storeArchive",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: "confirming",
            onError: { target: "#backup.discarding", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        confirming: {
          entry: "clearProgress",
          invoke: {
            src: "confirmArchive",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: "#backup.listing",
            onError: { target: "#backup.discarding", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
      },
    },
    listing: {
      entry: "clearProgress",
      invoke: {
        src: "listArchive",
        onDone: { target: "pruning", actions: assign({ entry: ({ event }) => event.output }) },
        onError: { target: "discarding", actions: assign({ error: ({ event }) => event.error as Error }) },
      },
    },
    pruning: {
      invoke: {
        src: "pruneArchives",
        onDone: { target: "cleaning", actions: assign({ prunedIds: ({ event }) => event.output }) },
        onError: { target: "cleaning", actions: assign({ pruneError: ({ event }) => event.error as Error }) },
      },
    },
    cleaning: {
      invoke: { src: "clean", onDone: "succeeded", onError: "succeeded" },
    },
    discarding: {
      entry: "clearProgress",
      invoke: { src: "discardArchive", onDone: "ending", onError: "ending" },
    },
    ending: {
      always: [{ guard: "hasFailed", target: "failed" }, { target: "cancelled" }],
    },
    succeeded: { type: "final" },
    failed: { type: "final" },
    cancelled: { type: "final" },
  },
});
