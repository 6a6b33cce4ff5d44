import { breathe } from "@xmtp-backup/archive";

/**
 * Begins all of these, each in a turn of its own, and waits until every one has ended. Only then it rejects with the first failure: none
 * goes on unseen.
 */
export async function allEnded(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const begun: Promise<unknown>[] = [];
  for (const step of steps) {
    const work = step();
    work.catch(() => undefined);
    begun.push(work);
    await breathe();
  }
  for (const end of await Promise.allSettled(begun)) if (end.status === "rejected") throw end.reason;
}
