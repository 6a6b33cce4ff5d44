import { BackupError } from "../errors/backupError.ts";
import type { Clock } from "./clock.ts";

/**
 * Makes of a call that may hang one that is given up after `limitMs`.
 *
 * It is never under way twice: who calls again before an earlier call has answered waits for that one.
 *
 * @throws HOST_FAILED when the time is over
 */
export function patientCall<T>(
  clock: Clock,
  limitMs: number,
  what: string,
  run: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
  let underWay: { answer: Promise<T>; controller: AbortController } | undefined;

  function start(): { answer: Promise<T>; controller: AbortController } {
    const controller = new AbortController();
    const answer = begin(() => run(controller.signal)).finally(() => {
      underWay = undefined;
    });
    return (underWay = { answer, controller });
  }

  /** A call that was given up may answer all the same; one that ended for that reason says nothing to who came later. */
  function join(): { answer: Promise<T>; controller: AbortController } {
    const { answer, controller } = underWay ?? start();
    return { answer: controller.signal.aborted ? answer.catch(() => join().answer) : answer, controller };
  }

  return (signal) => {
    const { answer: call, controller } = join();
    return new Promise<T>((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        end();
        reject(reason);
        controller.abort(reason);
      };
      const onAbort = () => giveUp(signal.reason);
      const timer = clock.setTimeout(() => giveUp(tooLate(what, limitMs)), limitMs);
      const end = () => {
        clock.clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      void call.then(resolve, reject).finally(end);
      if (signal.aborted) onAbort();
    });
  };
}

/** Makes whatever a call throws a rejection. */
async function begin<T>(run: () => Promise<T>): Promise<T> {
  return run();
}

function tooLate(what: string, limitMs: number): BackupError {
  return new BackupError("HOST_FAILED", `The client did not ${what} within ${limitMs / 1000} s.`);
}
