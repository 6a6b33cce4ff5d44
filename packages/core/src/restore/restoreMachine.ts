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
 * `preparing → fetching → verifying → (awaitingConfirmation) → importing → checking → succeeded`; whatever the end, it
 * goes through `cleaning`, which deletes what was fetched. Nothing reaches the client before `importing`.
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
    keepProgress: assign({ progress: (_, { progress }: { progress: Progress }) => progress }),
    keepError: assign({ error: (_, { error }: { error: unknown }) => error as Error }),
    keepPreview: assign({ preview: (_, { preview }: { preview: ArchivePreview }) => preview }),
    keepResult: assign({ result: (_, { result }: { result: RestoreResult }) => result }),
  },
  guards: {
    mustConfirm: ({ context }) => context.confirm,
    hasFailed: ({ context }) => context.error !== undefined,
    hasResult: ({ context }) => context.result !== undefined,
  },
}).createMachine({
  id: "restore",
  context: ({ input }) => ({ confirm: input.confirm ?? false, progress: indeterminate }),
  initial: "preparing",
  output: ({ context }) => context.result,
  states: {
    preparing: {
      tags: "cancellable",
      on: { "restore.cancel": "cleaning" },
      invoke: {
        src: "prepare",
        onDone: "fetching",
        onError: { target: "cleaning", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    fetching: {
      tags: "cancellable",
      on: { "restore.cancel": "cleaning" },
      entry: "clearProgress",
      invoke: {
        src: "fetchArchive",
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: "verifying",
        onError: { target: "cleaning", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    verifying: {
      tags: "cancellable",
      on: { "restore.cancel": "cleaning" },
      entry: "clearProgress",
      invoke: {
        src: "verifyArchive",
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: [
          {
            guard: "mustConfirm",
            target: "awaitingConfirmation",
            actions: { type: "keepPreview", params: ({ event }) => ({ preview: event.output }) },
          },
          { target: "importing", actions: { type: "keepPreview", params: ({ event }) => ({ preview: event.output }) } },
        ],
        onError: { target: "cleaning", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    awaitingConfirmation: {
      on: { "restore.confirm": "importing", "restore.cancel": "cleaning" },
    },
    importing: {
      tags: "cancellable",
      on: { "restore.cancel": "cleaning" },
      entry: "clearProgress",
      invoke: {
        src: "importArchive",
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: "checking",
        onError: { target: "cleaning", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    checking: {
      entry: "clearProgress",
      invoke: {
        src: "checkConversations",
        onSnapshot: { actions: { type: "keepProgress", params: ({ event }) => event.snapshot } },
        onDone: { target: "cleaning", actions: { type: "keepResult", params: ({ event }) => ({ result: event.output }) } },
        onError: { target: "cleaning", actions: { type: "keepError", params: ({ event }) => ({ error: event.error }) } },
      },
    },
    cleaning: {
      entry: "clearProgress",
      invoke: {
        src: "clean",
        onDone: [
          { guard: "hasFailed", target: "failed" },
          { guard: "hasResult", target: "succeeded" },
          { target: "cancelled" },
        ],
        onError: [
          { guard: "hasFailed", target: "failed" },
          { guard: "hasResult", target: "succeeded" },
          { target: "cancelled" },
        ],
      },
    },
    succeeded: { type: "final" },
    failed: { type: "final" },
    cancelled: { type: "final" },
  },
});
