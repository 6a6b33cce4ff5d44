import { describe, expect, it } from "vitest";
import { until } from "../../test/until.ts";
import { createActor, waitFor } from "xstate";
import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import { determinate } from "../tasks/progress.ts";
import { backupMachine, type BackupInput } from "./backupMachine.ts";
import { fromTask, type TaskTools } from "../tasks/fromTask.ts";

const entry: ArchiveEntry = { id: "an-id", createdAtMs: 1, sizeBytes: 2, keyFingerprint: "f", seal: "otherKey" };
type StageName = "prepare" | "exportSlices" | "mergeSlices" | "verifyArchive" | "storeArchive" | "confirmArchive" | "listArchive" | "pruneArchives" | "clean" | "discardArchive";
type Behaviour = (tools: TaskTools) => Promise<unknown>;

/** Runs the machine with every actor answering at once, but for those that a test replaces. */
function start(overrides: Partial<Record<StageName, Behaviour>> = {}) {
  const called: StageName[] = [];
  const logic = <TOutput = void>(name: StageName, output?: TOutput) =>
    fromTask<TOutput, BackupInput>(async (_input, tools) => {
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
  const values: unknown[] = [];
  actor.subscribe(({ value }) => {
    if (values.at(-1) !== value) values.push(value);
  });
  actor.start();
  const ended = waitFor(actor, ({ status }) => status === "done");
  return { actor, values, called, ended };
}

const never: Behaviour = () => new Promise(() => undefined);
const fails: Behaviour = () => Promise.reject(new Error("no"));

describe("backupMachine", () => {
  it("default: goes from request to a listed archive", async () => {
    const { values, called, ended } = start();
    const { output } = await ended;
    expect(values).toEqual(["preparing", "exporting", "merging", "verifying", "storing", "confirming", "listing", "pruning", "cleaning", "succeeded"]);
    expect(called).toEqual(["prepare", "exportSlices", "mergeSlices", "verifyArchive", "storeArchive", "confirmArchive", "listArchive", "pruneArchives", "clean"]);
    expect(output).toEqual({ entry, prunedIds: ["old"] });
  });

  it.each([
    ["prepare", ["preparing"]],
    ["exportSlices", ["preparing", "exporting"]],
    ["mergeSlices", ["preparing", "exporting", "merging"]],
    ["verifyArchive", ["preparing", "exporting", "merging", "verifying"]],
    ["storeArchive", ["preparing", "exporting", "merging", "verifying", "storing"]],
    ["confirmArchive", ["preparing", "exporting", "merging", "verifying", "storing", "confirming"]],
    ["listArchive", ["preparing", "exporting", "merging", "verifying", "storing", "confirming", "listing"]],
  ] as const)("behavior: a failing %s discards what was made", async (stage, passed) => {
    const { values, called, ended } = start({ [stage]: fails });
    const { context, output } = await ended;
    expect(values).toEqual([...passed, "discarding", "failed"]);
    expect(called.at(-1)).toBe("discardArchive");
    expect(context.error).toEqual(new Error("no"));
    expect(output).toBeUndefined();
  });

  it.each([
    ["prepare", "preparing"],
    ["exportSlices", "exporting"],
    ["mergeSlices", "merging"],
    ["verifyArchive", "verifying"],
    ["storeArchive", "storing"],
    ["confirmArchive", "confirming"],
  ] as const)("behavior: a cancel during %s aborts it and discards", async (stage, value) => {
    let signal: AbortSignal | undefined;
    const { actor, values, ended } = start({
      [stage]: (tools: TaskTools) => {
        signal = tools.signal;
        return never(tools);
      },
    });
    await until(() => actor.getSnapshot().value === value && signal !== undefined);
    expect(actor.getSnapshot().hasTag("cancellable")).toBe(true);
    actor.send({ type: "backup.cancel" });
    await ended;
    expect(values.slice(-3)).toEqual([value, "discarding", "cancelled"]);
    expect(signal?.aborted).toBe(true);
    expect((signal?.reason as Error).name).toBe("AbortError");
  });

  it.each(["listing", "pruning", "cleaning"])("behavior: a cancel during %s comes too late", async (value) => {
    let release = () => {};
    const held: Behaviour = () => new Promise<void>((resolve) => (release = resolve));
    const stage = ({ listing: "listArchive", pruning: "pruneArchives", cleaning: "clean" } as const)[value] as StageName;
    const { actor, values, called, ended } = start({ [stage]: held });
    await until(() => actor.getSnapshot().value === value && called.at(-1) === stage);
    expect(actor.getSnapshot().hasTag("cancellable")).toBe(false);
    actor.send({ type: "backup.cancel" });
    release();
    await ended;
    expect(values.at(-1)).toBe("succeeded");
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
    await waitFor(cancelled.actor, ({ value }) => value === "exporting");
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
    actor.subscribe(({ value, context }) => seen.push([value, context.progress]));
    await ended;
    expect(seen).toContainEqual(["storing", { kind: "determinate", done: 1, total: 2, unit: "bytes" }]);
    expect(seen).toContainEqual(["storing", { kind: "determinate", done: 2, total: 2, unit: "bytes" }]);
    expect(seen).toContainEqual(["confirming", { kind: "indeterminate" }]);
  });

  it("behavior: its persisted snapshot is plain JSON of ids and progress", async () => {
    const { actor } = start({ exportSlices: never });
    await waitFor(actor, ({ value }) => value === "exporting");
    const persisted = actor.getPersistedSnapshot();
    expect(JSON.parse(JSON.stringify(persisted))).toMatchObject({ value: "exporting", context: { archiveId: "an-id" } });
  });

  it("behavior: without provided actors it fails with what to do", async () => {
    const actor = createActor(backupMachine, { input: { archiveId: "an-id" } }).start();
    const { value, context } = await waitFor(actor, ({ status }) => status === "done");
    expect(value).toBe("failed");
    expect(context.error?.message).toContain("provide({ actors })");
  });
});
