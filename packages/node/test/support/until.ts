import { setTimeout as wait } from "node:timers/promises";

/** Asks again and again until the answer is neither false nor undefined, and gives it back. */
export async function until<T>(ask: () => T | Promise<T>, deadlineMs = 15_000): Promise<Exclude<T, false | undefined>> {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>;
    if (Date.now() > endMs) throw new Error(`Not within ${deadlineMs} ms: ${ask.toString()}`);
    await wait(10);
  }
}
