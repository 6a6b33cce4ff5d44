/** Waits for an answer, but not longer than its caller does; the keychain itself may go on asking the user. */
export function untilAborted<T>(signal: AbortSignal | undefined, answer: Promise<T>): Promise<T> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    void answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
