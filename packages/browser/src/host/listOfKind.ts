import type { BrokenConversation } from "@xmtp-backup/core";
import { allConsentStates, sdkValues } from "@xmtp-backup/core/sdk";
import type { BrowserClient, BrowserConversation } from "./browserClient.ts";

/** Times of creation: after the first and before the second. */
type Times = { afterNs: bigint; beforeNs: bigint };

/** A range whose list failed, and what the SDK says of it. */
type Failed = Times & { error: unknown };

const { latestNs } = sdkValues;
/** After how many lists the ranges that still fail count as one broken conversation each; a list takes the SDK a millisecond or two. */
const mostLists = 2_000;

/**
 * Every conversation of a kind. A list that fails as a whole (docs/sdk-facts.md#lists-of-a-kind-fail-too) is halved by the time of
 * creation until the broken ones are alone, or until many lists were asked for.
 *
 * @throws the SDK's error when it can list nothing at all
 */
export async function listOfKind(
  { conversations }: BrowserClient,
  kind: "group" | "dm",
  { signal, onBroken }: { signal: AbortSignal | undefined; onBroken(conversation: BrokenConversation): void },
): Promise<BrowserConversation[]> {
  const found = new Map<string, BrowserConversation>();
  let lists = 0;

  async function list(times?: Times): Promise<void> {
    signal?.throwIfAborted();
    lists += 1;
    const range = times && { createdAfterNs: times.afterNs, createdBeforeNs: times.beforeNs };
    const options = { includeDuplicateDms: true, consentStates: allConsentStates, ...range };
    for (const each of kind === "group" ? await conversations.listGroups(options) : await conversations.listDms(options))
      found.set(each.id, each);
  }

  /** Goes through all ranges of one length before it halves them, so that no broken conversation uses up the lists of the others. */
  async function narrow(whole: Failed): Promise<void> {
    const queue = [whole];
    for (let failed = queue.shift(); failed; failed = queue.shift()) {
      const { afterNs, beforeNs, error } = failed;
      if (beforeNs - afterNs <= 2n || lists >= mostLists) {
        onBroken({ ...idIn(error), kind, createdAtNs: afterNs + 1n });
        continue;
      }
      const middleNs = afterNs + (beforeNs - afterNs) / 2n;
      for (const times of [
        { afterNs, beforeNs: middleNs + 1n },
        { afterNs: middleNs, beforeNs },
      ]) {
        try {
          await list(times);
        } catch (reason) {
          signal?.throwIfAborted();
          queue.push({ ...times, error: reason });
        }
      }
    }
  }

  try {
    await list();
  } catch (error) {
    signal?.throwIfAborted();
    // Where an empty list fails too, no conversation is at fault.
    const readNothing = () => list({ afterNs: latestNs - 1n, beforeNs: latestNs });
    await readNothing().catch(() => {
      throw error;
    });
    await narrow({ afterNs: 0n, beforeNs: latestNs, error });
    await readNothing();
  }
  return [...found.values()];
}

/** The error names the conversation in words. */
function idIn(error: unknown): { id?: string } {
  const [id] = /\b[0-9a-f]{32}\b/.exec(error instanceof Error ? error.message : String(error)) ?? [];
  return id === undefined ? {} : { id };
}
