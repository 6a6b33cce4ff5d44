import type { Stage } from "../actors/taskSession.ts";
import { BackupError } from "../errors/backupError.ts";

/** The stages of a run whose code is loaded when the first of them begins. */
export type LoadedRun<TRun> = {
  /** A stage that does the run's work. */
  stage<TOutput>(pick: (run: TRun) => Stage<TOutput>): Stage<TOutput>;
  /** A stage that cleans up: there is nothing to clean up of a run that never was. */
  cleaning(pick: (run: TRun) => Stage): Stage;
};

/**
 * Loads the code that reads and writes archives apart from the rest: a screen that only shows how backups stand does not need it.
 */
export function loadRun<TRun>(load: () => Promise<TRun>): LoadedRun<TRun> {
  let loading: Promise<TRun> | undefined;

  function run(): Promise<TRun> {
    loading ??= load().catch((cause: unknown) => {
      throw new BackupError("HOST_FAILED", "The code that reads and writes archives could not be loaded.", { cause });
    });
    return loading;
  }

  return {
    stage: (pick) => async (tools) => pick(await run())(tools),
    cleaning: (pick) => async (tools) => {
      const loaded = await run().catch(() => undefined);
      if (loaded) await pick(loaded)(tools);
    },
  };
}
