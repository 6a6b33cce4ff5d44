import type { CallOptions } from "./callOptions.ts";

/**
 * Waits for an answer until it comes or the caller has had enough. What was asked for goes on all the same.
 *
 * A late error is dropped. A signal that has aborted already wins over an answer that is there.
 *
 * @param dispose hears the value that comes after its caller gave up, such as a key to overwrite
 * @throws signal.reason when the signal aborts first
 *
 * @example
 * ```ts
 * import { type CallOptions, untilAborted } from "@xmtp-backup/core";
 *
 * function askUser(prompt: () => Promise<string>, options: CallOptions): Promise<string> {
 *   return untilAborted(prompt(), options);
 * }
 * ```
 */
export function untilAborted<T>(answer: PromiseLike<T>, { signal }: CallOptions, dispose?: (late: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let hasGivenUp = false;
    const giveUp = () => {
      hasGivenUp = true;
      reject(signal?.reason);
    };
    const end = () => signal?.removeEventListener("abort", giveUp);
    if (signal?.aborted) giveUp();
    else signal?.addEventListener("abort", giveUp, { once: true });
    answer.then(
      (value) => {
        end();
        if (hasGivenUp) dispose?.(value);
        else resolve(value);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
