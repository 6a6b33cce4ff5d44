import { describe, expect, it } from "vitest";
import { filter, firstValueFrom } from "rxjs";
import { createActor, setup } from "xstate";
import { BackupError } from "../errors/backupError.ts";
import { indeterminate } from "./progress.ts";
import { startTask, type Work } from "./startTask.ts";

/** Work that prepares until it is cancelled, loaded when `arrive` is called. */
function slowWork() {
  const machine = setup({ types: { context: {} as { progress: typeof indeterminate }, events: {} as { type: "cancel" } } }).createMachine({
    context: { progress: indeterminate },
    initial: "preparing",
    states: { preparing: { on: { cancel: "cancelled" } }, cancelled: { type: "final" } },
  });
  const actor = createActor(machine);
  let arrive!: (work: Work) => void;
  const loading = new Promise<Work>((resolve) => (arrive = resolve));
  return { actor, load: () => loading, arrive: () => arrive({ actor, cancel: () => actor.send({ type: "cancel" }) }) };
}

describe("startTask", () => {
  it("default: prepares at once, and is cancelled by its work", async () => {
    const { actor, load, arrive } = slowWork();
    const task = startTask("task", load);
    expect(task.getState()).toEqual({ status: "running", stage: "preparing", progress: indeterminate, cancellable: true });
    arrive();
    await load();
    expect(actor.getSnapshot().status).toBe("active");
    await task.cancel();
    expect(actor.getSnapshot().value).toBe("cancelled");
    expect(task.getState()).toEqual({ status: "cancelled" });
  });

  it("behavior: a stage that lies within another state is shown by its own name", async () => {
    const machine = setup({ types: { context: {} as { progress: typeof indeterminate }, tags: {} as "cancellable" } }).createMachine({
      context: { progress: indeterminate },
      initial: "making",
      states: { making: { tags: "cancellable", initial: "merging", states: { merging: {} } } },
    });
    const task = startTask("task", () => Promise.resolve({ actor: createActor(machine), cancel: () => undefined }));
    await firstValueFrom(task.state$.pipe(filter((state) => state.status === "running" && state.stage !== "preparing")));
    expect(task.getState()).toEqual({ status: "running", stage: "merging", progress: indeterminate, cancellable: true });
  });

  it("behavior: a cancel before its work has come ends it, and the work never begins", async () => {
    const { actor, load, arrive } = slowWork();
    const task = startTask("task", load);
    let isComplete = false;
    task.state$.subscribe({ complete: () => (isComplete = true) });
    await task.cancel();
    await expect(task.result).rejects.toMatchObject({ name: "AbortError" });
    expect(isComplete).toBe(true);
    let begins = 0;
    actor.subscribe(() => (begins += 1));
    arrive();
    await load();
    expect(begins).toBe(0);
    expect(task.getState()).toEqual({ status: "cancelled" });
  });

  it("behavior: fails when its work can't be loaded, and not once it was cancelled", async () => {
    const failure = new BackupError("HOST_FAILED", "The code that works could not be loaded.");
    const task = startTask("task", () => Promise.reject(failure));
    await expect(task.result).rejects.toBe(failure);
    expect(task.getState()).toEqual({ status: "failed", error: failure });

    const watched = startTask("task", () => Promise.reject(failure));
    watched.state$.subscribe(({ status }) => void (status === "failed" && watched.cancel()));
    await expect(watched.result).rejects.toBe(failure);
    expect(watched.getState()).toEqual({ status: "failed", error: failure });

    const cancelled = startTask("task", () => Promise.reject(failure));
    await cancelled.cancel();
    expect(cancelled.getState()).toEqual({ status: "cancelled" });
  });
});
