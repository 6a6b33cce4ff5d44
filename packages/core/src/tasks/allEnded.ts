/** Waits until every one of these has ended, and only then rejects with the first failure: none goes on unseen. */
export async function allEnded(work: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(work);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
