import { describe, expect, it } from "vitest";
import { until } from "../../../../test/until.ts";
import { statePath } from "../../test/statePath.ts";
import { createActor, waitFor } from "xstate";
import type { RestoreResult } from "./restoreResult.ts";
import type { ArchivePreview } from "../archives/archivePreview.ts";
import { fromTask, type TaskTools } from "../tasks/fromTask.ts";
import { type RestoreInput, restoreMachine } from "./restoreMachine.ts";

const preview: ArchivePreview = {
  exportedAtNs: 1n,
  elements: ["messages"],
  sizeBytes: 1,
  sha256: "",
  counts: { conversations: 1, messages: 2, consentRecords: 0 },
  leftOut: { deleted: 0, expired: 0, unsent: 0, oddDms: 0 },
  unsentMessages: 0,
  orphanMessages: 0,
  unimportableRecords: 0,
  conversations: [],
};
const result: RestoreResult = {
  conversations: { restored: 1, expected: 1 },
  messages: { restored: 2, expected: 2 },
  consentRecords: 0,
  imported: [],
  unchecked: [],
  inactiveConversationIds: [],
  incompleteConversationIds: [],
  deletedMessages: [],
  leftOut: { deleted: 0, expired: 0, unsent: 0, oddDms: 0 },
  unsentMessages: 0,
  orphanMessages: 0,
  unimportableRecords: 0,
  limits: [],
};
type StageName = "prepare" | "fetchArchive" | "verifyArchive" | "importArchive" | "checkConversations" | "clean";
type Behaviour = (tools: TaskTools) => Promise<unknown>;

function start(overrides: Partial<Record<StageName, Behaviour>> = {}, input: RestoreInput = {}) {
  const called: StageName[] = [];
  const logic = <TOutput = void>(name: StageName, output?: TOutput) =>
    fromTask<TOutput, void>(async (_input, tools) => {
      called.push(name);
      await overrides[name]?.(tools);
      return output as TOutput;
    });
  const actor = createActor(
    restoreMachine.provide({
      actors: {
        prepare: logic("prepare"),
        fetchArchive: logic("fetchArchive"),
        verifyArchive: logic("verifyArchive", preview),
        importArchive: logic("importArchive"),
        checkConversations: logic("checkConversations", result),
        clean: logic("clean"),
      },
    }),
    { input },
  );
  const states: string[] = [];
  actor.subscribe(({ value }) => {
    if (states.at(-1) !== statePath(value)) states.push(statePath(value));
  });
  actor.start();
  return { actor, states, called, ended: waitFor(actor, ({ status }) => status === "done") };
}

const never: Behaviour = () => new Promise(() => undefined);
const fails: Behaviour = () => Promise.reject(new Error("no"));

describe("restoreMachine", () => {
  it("default: goes from a chosen archive to listed conversations", async () => {
    const { states, called, ended } = start();
    expect((await ended).output).toEqual(result);
    expect(states).toEqual([
      "restoring.preparing",
      "restoring.fetching",
      "restoring.verifying",
      "restoring.importing",
      "checking",
      "cleaning",
      "succeeded",
    ]);
    expect(called).toEqual(["prepare", "fetchArchive", "verifyArchive", "importArchive", "checkConversations", "clean"]);
  });

  it("parameters: confirm: waits with the preview until it is confirmed", async () => {
    const { actor, states, called, ended } = start({}, { confirm: true });
    const waiting = await waitFor(actor, ({ value }) => statePath(value) === "restoring.awaitingConfirmation");
    expect(waiting.context.preview).toEqual(preview);
    expect(called).not.toContain("importArchive");
    actor.send({ type: "restore.confirm" });
    await ended;
    expect(states).toEqual([
      "restoring.preparing",
      "restoring.fetching",
      "restoring.verifying",
      "restoring.awaitingConfirmation",
      "restoring.importing",
      "checking",
      "cleaning",
      "succeeded",
    ]);
  });

  it("parameters: confirm: a user who says no imports nothing", async () => {
    const { actor, states, called, ended } = start({}, { confirm: true });
    await waitFor(actor, ({ value }) => statePath(value) === "restoring.awaitingConfirmation");
    actor.send({ type: "restore.cancel" });
    expect((await ended).output).toBeUndefined();
    expect(states.slice(-3)).toEqual(["restoring.awaitingConfirmation", "cleaning", "cancelled"]);
    expect(called).not.toContain("importArchive");
  });

  it.each([
    ["prepare", ["restoring.preparing"]],
    ["fetchArchive", ["restoring.preparing", "restoring.fetching"]],
    ["verifyArchive", ["restoring.preparing", "restoring.fetching", "restoring.verifying"]],
    ["importArchive", ["restoring.preparing", "restoring.fetching", "restoring.verifying", "restoring.importing"]],
    ["checkConversations", ["restoring.preparing", "restoring.fetching", "restoring.verifying", "restoring.importing", "checking"]],
  ] as const)("behavior: a failing %s cleans up and fails", async (stage, passed) => {
    const { states, called, ended } = start({ [stage]: fails });
    expect((await ended).context.error).toEqual(new Error("no"));
    expect(states).toEqual([...passed, "cleaning", "failed"]);
    expect(called.at(-1)).toBe("clean");
  });

  it.each([
    ["prepare", "restoring.preparing"],
    ["fetchArchive", "restoring.fetching"],
    ["verifyArchive", "restoring.verifying"],
    ["importArchive", "restoring.importing"],
  ] as const)("behavior: a cancel during %s aborts it and cleans up", async (stage, value) => {
    let signal: AbortSignal | undefined;
    const { actor, states, ended } = start({
      [stage]: (tools: TaskTools) => {
        signal = tools.signal;
        return never(tools);
      },
    });
    await until(() => statePath(actor.getSnapshot().value) === value && signal !== undefined);
    expect(actor.getSnapshot().hasTag("cancellable")).toBe(true);
    actor.send({ type: "restore.cancel" });
    await ended;
    expect(states.slice(-3)).toEqual([value, "cleaning", "cancelled"]);
    expect(signal?.aborted).toBe(true);
  });

  it("behavior: a cancel while it checks comes too late", async () => {
    let release = () => {};
    const { actor, states, called, ended } = start({ checkConversations: () => new Promise<void>((resolve) => (release = resolve)) });
    await until(() => called.at(-1) === "checkConversations");
    expect(actor.getSnapshot().hasTag("cancellable")).toBe(false);
    actor.send({ type: "restore.cancel" });
    release();
    await ended;
    expect(states.slice(-3)).toEqual(["checking", "cleaning", "succeeded"]);
  });

  it("behavior: a clean-up that fails changes no outcome", async () => {
    expect((await start({ clean: fails }).ended).value).toBe("succeeded");
    expect((await start({ clean: fails, importArchive: fails }).ended).value).toBe("failed");
    const cancelled = start({ clean: fails, fetchArchive: never });
    await waitFor(cancelled.actor, ({ value }) => statePath(value) === "restoring.fetching");
    cancelled.actor.send({ type: "restore.cancel" });
    expect((await cancelled.ended).value).toBe("cancelled");
  });
});
