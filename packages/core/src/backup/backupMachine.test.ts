import { describe, expect, it } from "vitest";
import { until } from "../../../../test/until.ts";
import { statePath } from "../../test/statePath.ts";
import { createActor, waitFor } from "xstate";
import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import { determinate } from "../tasks/progress.ts";
import { backupMachine } from "./backupMachine.ts";
import { fromTask, type TaskTools } from "../tasks/fromTask.ts";

const entry: ArchiveEntry = { id: "an-id", createdAtMs: 1, sizeBytes: 2, keyFingerprint: "f", seal: "otherKey" };
type StageName =
  | "prepare"
  | "exportSlices"
  | "mergeSlices"
  | "verifyArchive"
  | "storeArchive"
  | "confirmArchive"
  | "listArchive"
  | "pruneArchives"
  | "clean"
  | "discardArchive";
type Behaviour = (tools: TaskTools) => Promise<unknown>;

/** Runs the machine with every actor answering at once, but for those that a test replaces. */
function start(overrides: Partial<Record<StageName, Behaviour>> = {}) {
  const called: StageName[] = [];
  const logic = <TOutput = void>(name: StageName, output?: TOutput) =>
    fromTask<TOutput, void>(async (_input, tools) => {
      called.push(name);
      const result = await overrides[name]?.(tools);
      return (result ?? output) as TOutput;
    });
  const actor = createActor(
    backupMachine.provide({
      actors: {
        prepare: logic("prepare"),
        exportSlices: logic("exportSlices"),
        mergeSlices: logic("mergeSlices"),
        verifyArchive: logic("verifyArchive"),
        storeArchive: logic("storeArchive"),
        confirmArchive: logic("confirmArchive"),
        listArchive: logic("listArchive", entry),
        pruneArchives: logic<string[]>("pruneArchives", ["old"]),
        clean: logic("clean"),
        discardArchive: logic("discardArchive"),
      },
    }),
    { input: { archiveId: "an-id" } },
  );
  const states: string[] = [];
  actor.subscribe(({ value }) => {
    if (states.at(-1) !== statePath(value)) states.push(statePath(value));
  });
  actor.start();
  const ended = waitFor(actor, ({ status }) => status === "done");
  return { actor, states, called, ended };
}

const never: Behaviour = () => new Promise(() => undefined);
const fails: Behaviour = () => Promise.reject(new Error("no"));

describe("backupMachine", () => {
  it("default: goes from request to a listed archive", async () => {
    const { states, called, ended } = start();
    const { output } = await ended;
    expect(states).toEqual([
      "making.preparing",
      "making.exporting",
      "making.merging",
      "making.verifying",
      "making.storing",
      "making.confirming",
      "listing",
      "pruning",
      "cleaning",
      "succeeded",
    ]);
    expect(called).toEqual([
      "prepare",
      "exportSlices",
      "mergeSlices",
      "verifyArchive",
      "storeArchive",
      "confirmArchive",
      "listArchive",
      "pruneArchives",
      "clean",
    ]);
    expect(output).toEqual({ entry, prunedIds: ["old"] });
  });

  it.each([
    ["prepare", ["making.preparing"]],
    ["exportSlices", ["making.preparing", "making.exporting"]],
    ["mergeSlices", ["making.preparing", "making.exporting", "making.merging"]],
    ["verifyArchive", ["making.preparing", "making.exporting", "making.merging", "making.verifying"]],
    ["storeArchive", ["making.preparing", "making.exporting", "making.merging", "making.verifying", "making.storing"]],
    [
      "confirmArchive",
      ["making.preparing", "making.exporting", "making.merging", "making.verifying", "making.storing", "making.confirming"],
    ],
    [
      "listArchive",
      ["making.preparing", "making.exporting", "making.merging", "making.verifying", "making.storing", "making.confirming", "listing"],
    ],
  ] as const)("behavior: a failing %s discards what was made", async (stage, passed) => {
    const { states, called, ended } = start({ [stage]: fails });
    const { context, output } = await ended;
    expect(states).toEqual([...passed, "discarding", "failed"]);
    expect(called.at(-1)).toBe("discardArchive");
    expect(context.error).toEqual(new Error("no"));
    expect(output).toBeUndefined();
  });

  it.each([
    ["prepare", "making.preparing"],
    ["exportSlices", "making.exporting"],
    ["mergeSlices", "making.merging"],
    ["verifyArchive", "making.verifying"],
    ["storeArchive", "making.storing"],
    ["confirmArchive", "making.confirming"],
  ] as const)("behavior: a cancel during %s aborts it and discards", async (stage, value) => {
    let signal: AbortSignal | undefined;
    const { actor, states, ended } = start({
      [stage]: (tools: TaskTools) => {
        signal = tools.signal;
        return never(tools);
      },
    });
    await until(() => statePath(actor.getSnapshot().value) === value && signal !== undefined);
    expect(actor.getSnapshot().hasTag("cancellable")).toBe(true);
    actor.send({ type: "backup.cancel" });
    await ended;
    expect(states.slice(-3)).toEqual([value, "discarding", "cancelled"]);
    expect(signal?.aborted).toBe(true);
    expect((signal?.reason as Error).name).toBe("AbortError");
  });

  it.each(["listing", "pruning", "cleaning"])("behavior: a cancel during %s comes too late", async (value) => {
    let release = () => {};
    const held: Behaviour = () => new Promise<void>((resolve) => (release = resolve));
    const stage = ({ listing: "listArchive", pruning: "pruneArchives", cleaning: "clean" } as const)[value] as StageName;
    const { actor, states, called, ended } = start({ [stage]: held });
    await until(() => statePath(actor.getSnapshot().value) === value && called.at(-1) === stage);
    expect(actor.getSnapshot().hasTag("cancellable")).toBe(false);
    actor.send({ type: "backup.cancel" });
    release();
    await ended;
    expect(states.at(-1)).toBe("succeeded");
  });

  it("behavior: the archive is safe when old ones can't be removed", async () => {
    const { ended } = start({ pruneArchives: fails });
    const { value, output } = await ended;
    expect(value).toBe("succeeded");
    expect(output).toEqual({ entry, prunedIds: [], pruneError: new Error("no") });
  });

  it("behavior: a clean-up that fails changes no outcome", async () => {
    expect((await start({ clean: fails }).ended).value).toBe("succeeded");
    expect((await start({ exportSlices: fails, discardArchive: fails }).ended).value).toBe("failed");
    const cancelled = start({ exportSlices: never, discardArchive: fails });
    await waitFor(cancelled.actor, ({ value }) => statePath(value) === "making.exporting");
    cancelled.actor.send({ type: "backup.cancel" });
    expect((await cancelled.ended).value).toBe("cancelled");
  });

  it("behavior: shows the progress of a stage and forgets it at the next", async () => {
    const seen: unknown[] = [];
    const { actor, ended } = start({
      storeArchive: async ({ report }) => {
        report(determinate(1, 2, "bytes"));
        report(determinate(2, 2, "bytes"));
      },
    });
    actor.subscribe(({ value, context }) => seen.push([statePath(value), context.progress]));
    await ended;
    expect(seen).toContainEqual(["making.storing", { kind: "determinate", done: 1, total: 2, unit: "bytes" }]);
    expect(seen).toContainEqual(["making.storing", { kind: "determinate", done: 2, total: 2, unit: "bytes" }]);
    expect(seen).toContainEqual(["making.confirming", { kind: "indeterminate" }]);
  });

  it("behavior: its persisted snapshot is plain JSON of ids and progress", async () => {
    const { actor } = start({ exportSlices: never });
    await waitFor(actor, ({ value }) => statePath(value) === "making.exporting");
    const persisted = actor.getPersistedSnapshot();
    expect(JSON.parse(JSON.stringify(persisted))).toMatchObject({ value: { making: "exporting" }, context: { archiveId: "an-id" } });
  });

  it("behavior: without provided actors it fails with what to do", async () => {
    const actor = createActor(backupMachine, { input: { archiveId: "an-id" } }).start();
    const { value, context } = await waitFor(actor, ({ status }) => status === "done");
    expect(value).toBe("failed");
    expect(context.error?.message).toContain("provide({ actors })");
  });
});
