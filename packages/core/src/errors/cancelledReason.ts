/** The reason with which a cancelled task aborts its work; a state of the task, not a failure. */
export function cancelledReason(): Error {
  const reason = new Error("The task was cancelled.");
  reason.name = "AbortError";
  return reason;
}
