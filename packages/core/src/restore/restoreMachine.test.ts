import { describe, expect, it } from "vitest";
import { until } from "../../test/until.ts";
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
  const values: unknown[] = [];
  actor.subscribe(({ value }) => {
    if (values.at(-1) !== value) values.push(value);
  });
  actor.start();
  return { actor, values, called, ended: waitFor(actor, ({ status }) => status === "done") };
}

const never: Behaviour = () => new Promise(() => undefined);
const fails: Behaviour = () => Promise.reject(new Error("no"));

describe("restoreMachine", () => {
  it("default: goes from a chosen archive to listed conversations", async () => {
    const { values, called, ended } = start();
    expect((await ended).output).toEqual(result);
    expect(values).toEqual(["preparing", "fetching", "verifying", "importing", "checking", "cleaning", "succeeded"]);
    expect(called).toEqual(["prepare", "fetchArchive", "verifyArchive", "importArchive", "checkConversations", "clean"]);
  });

  it("parameters: confirm: waits with the preview until it is confirmed", async () => {
    const { actor, values, called, ended } = start({}, { confirm: true });
    const waiting = await waitFor(actor, ({ value }) => value === "awaitingConfirmation");
    expect(waiting.context.preview).toEqual(preview);
    expect(called).not.toContain("importArchive");
    actor.send({ type: "restore.confirm" });
    await ended;
    expect(values).toEqual(["preparing", "fetching", "verifying", "awaitingConfirmation", "importing", "checking", "cleaning", "succeeded"]);
  });

  it("parameters: confirm: a user who says no imports nothing", async () => {
    const { actor, values, called, ended } = start({}, { confirm: true });
    await waitFor(actor, ({ value }) => value === "awaitingConfirmation");
    actor.send({ type: "restore.cancel" });
    expect((await ended).output).toBeUndefined();
    expect(values.slice(-3)).toEqual(["awaitingConfirmation", "cleaning", "cancelled"]);
    expect(called).not.toContain("importArchive");
  });

  it.each([
    ["prepare", ["preparing"]],
    ["fetchArchive", ["preparing", "fetching"]],
    ["verifyArchive", ["preparing", "fetching", "verifying"]],
    ["importArchive", ["preparing", "fetching", "verifying", "importing"]],
    ["checkConversations", ["preparing", "fetching", "verifying", "importing", "checking"]],
  ] as const)("behavior: a failing %s cleans up and fails", async (stage, passed) => {
    const { values, called, ended } = start({ [stage]: fails });
    expect((await ended).context.error).toEqual(new Error("no"));
    expect(values).toEqual([...passed, "cleaning", "failed"]);
    expect(called.at(-1)).toBe("clean");
  });

  it.each([
    ["prepare", "preparing"],
    ["fetchArchive", "fetching"],
    ["verifyArchive", "verifying"],
    ["importArchive", "importing"],
  ] as const)("behavior: a cancel during %s aborts it and cleans up", async (stage, value) => {
    let signal: AbortSignal | undefined;
    const { actor, values, ended } = start({
      [stage]: (tools: TaskTools) => {
        signal = tools.signal;
        return never(tools);
      },
    });
    await until(() => actor.getSnapshot().value === value && signal !== undefined);
    actor.send({ type: "restore.cancel" });
    await ended;
    expect(values.slice(-3)).toEqual([value, "cleaning", "cancelled"]);
    expect(signal?.aborted).toBe(true);
  });

  it("behavior: a clean-up that fails changes no outcome", async () => {
    expect((await start({ clean: fails }).ended).value).toBe("succeeded");
    expect((await start({ clean: fails, importArchive: fails }).ended).value).toBe("failed");
    const cancelled = start({ clean: fails, fetchArchive: never });
    await waitFor(cancelled.actor, ({ value }) => value === "fetching");
    cancelled.actor.send({ type: "restore.cancel" });
    expect((await cancelled.ended).value).toBe("cancelled");
  });
});
