/** The reason with which a cancelled task aborts its work; a state of the task, not a failure. */
export function cancelledReason(): Error {
  const reason = new Error("The task was cancelled.");
  reason.name = "AbortError";
  return reason;
}

/** Settles like `work`, or rejects with the signal's reason as soon as it aborts; `work` itself goes on. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
