import { setImmediate as turn } from "node:timers/promises";

/** Asks again and again until the answer is yes. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${String(condition)}`);
    await turn();
  }
}
