import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";

/** How often it asks without a pause, so that a test which waits for no timer is quick. */
const quickAsks = 20;
const pauseMs = 10;

/**
 * Asks again and again until the answer is neither false nor undefined, and gives it back.
 *
 * @param deadlineMs after how long it fails, in milliseconds. @default 15_000
 */
export async function until<T>(ask: () => T | Promise<T>, deadlineMs = 15_000): Promise<Exclude<T, false | undefined>> {
  const endMs = Date.now() + deadlineMs;
  for (let asks = 1; ; asks += 1) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>;
    if (Date.now() > endMs) throw new Error(`Not within ${deadlineMs} ms: ${ask.toString()}`);
    await (asks < quickAsks ? turn() : pause(pauseMs));
  }
}
