import { setImmediate as turn } from "node:timers/promises";

/** How long the SDK's synchronous calls may hold the event loop in a row, in milliseconds. */
const sliceMs = 8;

/**
 * Lets a row of synchronous calls give way. Call the function that it gives before each of them: it gives the event loop a turn when the
 * loop had none for a while. Time decides, since the same call takes longer on a larger client.
 */
export function createPace(signal: AbortSignal | undefined, nowMs = () => performance.now()): () => Promise<void> {
  let sinceMs = nowMs();
  return async () => {
    if (nowMs() - sinceMs < sliceMs) return;
    await turn(undefined, { signal });
    sinceMs = nowMs();
  };
}
