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

const stage = ({ context }: { context: BackupContext }): BackupInput => ({ archiveId: context.archiveId });

/**
 * One backup from request to a listed archive.
 *
 * `preparing → exporting → merging → verifying → storing → confirming → listing → pruning → cleaning → succeeded`; an error or a
 * cancel before the archive is listed goes through `discarding`, which leaves nothing of it behind.
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
    prepare: unprovided<void, BackupInput>(),
    exportSlices: unprovided<void, BackupInput>(),
    mergeSlices: unprovided<void, BackupInput>(),
    verifyArchive: unprovided<void, BackupInput>(),
    storeArchive: unprovided<void, BackupInput>(),
    confirmArchive: unprovided<void, BackupInput>(),
    listArchive: unprovided<ArchiveEntry, BackupInput>(),
    pruneArchives: unprovided<ArchiveId[], BackupInput>(),
    discardArchive: unprovided<void, BackupInput>(),
    clean: unprovided<void, BackupInput>(),
  },
  actions: {
    clearProgress: assign({ progress: indeterminate }),
    keepProgress: assign({ progress: (_, { progress }: { progress: Progress }) => progress }),
    keepError: assign({ error: (_, { error }: { error: unknown }) => error as Error }),
    keepEntry: assign({ entry: (_, { entry }: { entry: ArchiveEntry }) => entry }),
    keepPruned: assign({ prunedIds: (_, { ids }: { ids: ArchiveId[] }) => ids }),
    keepPruneError: assign({ pruneError: (_, { error }: { error: unknown }) => error as Error }),
  },
  guards: {
    hasFailed: ({ context }) => context.error !== undefined,
  },
}).createMachine({
  id: "backup",
  context: ({ input }) => ({ ...input, progress: indeterminate, prunedIds: [] }),
  initial: "preparing",
  output: ({ context: { entry, prunedIds, pruneError } }) =>
    entry && { entry, prunedIds, ...(pruneError && { pruneError }) },
  states: {
    preparing: {
      tags: "cancellable",
      on: { "backup.cancel": "discarding" },
      invoke: {
        src: "prepare",
        input: stage,
        onDone: "exporting",
        onError: { target: "discarding", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    exporting: {
      tags: "cancellable",
      on: { "backup.cancel": "discarding" },
      entry: "clearProgress",
      invoke: {
        src: "exportSlices",
        input: stage,
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: "merging",
        onError: { target: "discarding", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    merging: {
      tags: "cancellable",
      on: { "backup.cancel": "discarding" },
      entry: "clearProgress",
      invoke: {
        src: "mergeSlices",
        input: stage,
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: "verifying",
        onError: { target: "discarding", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    verifying: {
      tags: "cancellable",
      on: { "backup.cancel": "discarding" },
      entry: "clearProgress",
      invoke: {
        src: "verifyArchive",
        input: stage,
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: "storing",
        onError: { target: "discarding", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    storing: {
      tags: "cancellable",
      on: { "backup.cancel": "discarding" },
      entry: "clearProgress",
      invoke: {
        src: "storeArchive",
        input: stage,
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: "confirming",
        onError: { target: "discarding", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    confirming: {
      tags: "cancellable",
      on: { "backup.cancel": "discarding" },
      entry: "clearProgress",
      invoke: {
        src: "confirmArchive",
        input: stage,
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: "listing",
        onError: { target: "discarding", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    listing: {
      entry: "clearProgress",
      invoke: {
        src: "listArchive",
        input: stage,
        onDone: { target: "pruning", actions: { type: "keepEntry", params: ({ event }) => ({ entry: event.output }) } },
        onError: { target: "discarding", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    pruning: {
      invoke: {
        src: "pruneArchives",
        input: stage,
        onDone: { target: "cleaning", actions: { type: "keepPruned", params: ({ event }) => ({ ids: event.output }) } },
        onError: { target: "cleaning", actions: { type: "keepPruneError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    cleaning: {
      invoke: { src: "clean", input: stage, onDone: "succeeded", onError: "succeeded" },
    },
    discarding: {
      entry: "clearProgress",
      invoke: {
        src: "discardArchive",
        input: stage,
        onDone: [{ guard: "hasFailed", target: "failed" }, { target: "cancelled" }],
        onError: [{ guard: "hasFailed", target: "failed" }, { target: "cancelled" }],
      },
    },
    succeeded: { type: "final" },
    failed: { type: "final" },
    cancelled: { type: "final" },
  },
});
