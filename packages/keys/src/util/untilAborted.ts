/** Waits for an answer until the caller has enough; one that comes later goes to `dispose`. */
export async function untilAborted<T>(signal: AbortSignal | undefined, answer: Promise<T>, dispose?: (late: T) => void): Promise<T> {
  if (!signal) return answer;
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([answer, aborted]);
  } catch (error) {
    answer.then(dispose, () => undefined);
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
