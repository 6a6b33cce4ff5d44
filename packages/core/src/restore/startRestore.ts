import type { TellBrought } from "../imported/createBringing.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { RestoreResult } from "./restoreResult.ts";
import type { ArchivePreview } from "../archives/archivePreview.ts";
import type { RestoreStage } from "../tasks/stages.ts";
import type { Activation } from "../activation/createActivation.ts";
import { loadOnce } from "../tasks/loadOnce.ts";
import { logTask } from "../tasks/logTask.ts";
import { startTask } from "../tasks/startTask.ts";
import type { RestoreTask } from "./restoreTask.ts";

const loadWork = loadOnce("restores archives", () => import("./createRestoreWork.ts"));

/** What a restore reports to while it runs. */
export type RestoreListeners = { activation: Pick<Activation, "expect" | "track" | "find">; tell: TellBrought };

/** How a restore is begun: beside another task, which it is refused for, or after one that it takes the place of. */
export type RestoreBeginning = { isBusy: boolean; makeRoom?: (() => Promise<void>) | undefined };

/** Runs one restore as a task. Only one that its options allow takes the place of another task. */
export function startRestore(
  dependencies: Dependencies,
  source: RestoreSource,
  options: RestoreOptions,
  { isBusy, makeRoom }: RestoreBeginning,
  { activation, tell }: RestoreListeners,
): RestoreTask {
  const taskId = crypto.randomUUID();
  const startedAtMs = dependencies.clock.now();
  let confirm: (() => void) | undefined;
  const task = startTask<RestoreStage, RestoreResult, ArchivePreview>(taskId, async () => {
    const { createRestoreWork } = await loadWork();
    const work = createRestoreWork(dependencies, { taskId, startedAtMs, source, options, isBusy }, activation, tell);
    await makeRoom?.();
    confirm = work.confirm;
    return work;
  });
  const started = Object.assign(task, { confirm: () => confirm?.() });
  const archiveId = knownId(source);
  const countsOf = ({ messages, conversations }: RestoreResult) => ({ messages: messages.restored, conversations: conversations.restored });
  logTask(dependencies, { kind: "restore", task: started, countsOf }, archiveId === undefined ? {} : { archiveId });
  return started;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of an archive of the store; of what untyped code passes, only what looks like one is logged. */
function knownId(source: unknown): ArchiveId | undefined {
  const id: unknown = typeof source === "string" ? source : (source as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" && uuid.test(id) ? id : undefined;
}
