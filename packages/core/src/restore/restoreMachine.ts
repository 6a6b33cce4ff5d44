import { assign, setup } from "xstate";
import { indeterminate, type Progress } from "../tasks/progress.ts";
import type { RestoreResult } from "./restoreResult.ts";
import type { ArchivePreview } from "../archives/archivePreview.ts";
import { unprovided } from "../tasks/unprovided.ts";

export type RestoreInput = {
  /** Show the preview and wait for `restore.confirm` before anything is imported. @default false */
  confirm?: boolean;
};

type RestoreContext = {
  confirm: boolean;
  progress: Progress;
  preview?: ArchivePreview;
  result?: RestoreResult;
  error?: Error;
};

export type RestoreEvent = { type: "restore.confirm" } | { type: "restore.cancel" };

/**
 * One restore from a chosen archive to conversations that the client lists.
 *
 * `restoring` (`preparing → fetching → verifying → (awaitingConfirmation) → importing`) `→ checking → cleaning → succeeded`. Every
 * end goes through `cleaning`, which deletes what was fetched. Nothing reaches the client before `importing`.
 */
export const restoreMachine = setup({
  types: {
    context: {} as RestoreContext,
    events: {} as RestoreEvent,
    tags: {} as "cancellable",
    input: {} as RestoreInput,
    output: {} as RestoreResult | undefined,
  },
  actors: {
    prepare: unprovided(),
    fetchArchive: unprovided(),
    verifyArchive: unprovided<ArchivePreview>(),
    importArchive: unprovided(),
    checkConversations: unprovided<RestoreResult>(),
    clean: unprovided(),
  },
  actions: {
    clearProgress: assign({ progress: indeterminate }),
  },
  guards: {
    mustConfirm: ({ context }) => context.confirm,
    hasFailed: ({ context }) => context.error !== undefined,
    hasResult: ({ context }) => context.result !== undefined,
  },
}).createMachine({
  id: "restore",
  context: ({ input }) => ({ confirm: input.confirm ?? false, progress: indeterminate }),
  initial: "restoring",
  output: ({ context }) => context.result,
  states: {
    restoring: {
      tags: "cancellable",
      on: { "restore.cancel": "cleaning" },
      initial: "preparing",
      states: {
        preparing: {
          invoke: {
            src: "prepare",
            onDone: "fetching",
            onError: { target: "#restore.cleaning", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        fetching: {
          entry: "clearProgress",
          invoke: {
            src: "fetchArchive",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: "verifying",
            onError: { target: "#restore.cleaning", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        verifying: {
          entry: "clearProgress",
          invoke: {
            src: "verifyArchive",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: [
              { guard: "mustConfirm", target: "awaitingConfirmation", actions: assign({ preview: ({ event }) => event.output }) },
              { target: "importing", actions: assign({ preview: ({ event }) => event.output }) },
            ],
            onError: { target: "#restore.cleaning", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
        awaitingConfirmation: {
          on: { "restore.confirm": "importing" },
        },
        importing: {
          entry: "clearProgress",
          invoke: {
            src: "importArchive",
            onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
            onDone: "#restore.checking",
            onError: { target: "#restore.cleaning", actions: assign({ error: ({ event }) => event.error as Error }) },
          },
        },
      },
    },
    checking: {
      entry: "clearProgress",
      invoke: {
        src: "checkConversations",
        onSnapshot: { actions: assign({ progress: ({ event }) => event.snapshot.progress }) },
        onDone: { target: "cleaning", actions: assign({ result: ({ event }) => event.output }) },
        onError: { target: "cleaning", actions: assign({ error: ({ event }) => event.error as Error }) },
      },
    },
    cleaning: {
      entry: "clearProgress",
      invoke: { src: "clean", onDone: "ending", onError: "ending" },
    },
    ending: {
      always: [{ guard: "hasFailed", target: "failed" }, { guard: "hasResult", target: "succeeded" }, { target: "cancelled" }],
    },
    succeeded: { type: "final" },
    failed: { type: "final" },
    cancelled: { type: "final" },
  },
});
