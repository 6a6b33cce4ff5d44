import type { BrokenConversation, HostConversation, ListOptions } from "@xmtp-backup/core";
import { brokenConversation, findConversation, findWritableDm, sdkValues } from "@xmtp-backup/core/sdk";
import type { BrowserClient, BrowserConversation } from "./browserClient.ts";
import { hostConversation } from "./hostConversation.ts";
import { listOfKind } from "./listOfKind.ts";

/** How many look-ups are with the SDK's worker at a time: it answers one after the other, and others want to be answered too. */
const lookUpsAtOnce = 16;

/**
 * The conversations that the options ask for, each once; every one without any. Those that the SDK can't read are left out and named.
 *
 * @throws the SDK's error when it can read nothing at all
 */
export async function lookUpConversations(
  client: BrowserClient,
  { ids, peerInboxIds, signal, onBroken }: ListOptions,
): Promise<HostConversation[]> {
  const found = new Map<string, HostConversation>();
  const failures: unknown[] = [];
  const broken: BrokenConversation[] = [];

  /** Runs a look-up whose failure is that of one conversation. */
  async function guarded(what: BrokenConversation, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
      broken.push(what);
    }
  }

  const keep = async (conversation: BrowserConversation | undefined) => {
    if (conversation && !found.has(conversation.id)) found.set(conversation.id, await hostConversation(client, conversation));
  };
  if (!ids && !peerInboxIds) {
    for (const kind of ["group", "dm"] as const) {
      const all = await listOfKind(client, kind, { signal, onBroken: (each) => broken.push(each) });
      await inBatches(all, signal, (each) => guarded(brokenConversation(each), () => keep(each)));
    }
  }
  await inBatches([...new Set(ids)], signal, (id) => guarded({ id }, async () => keep(await findConversation(client.conversations, id))));
  await inBatches([...new Set(peerInboxIds)], signal, (peer) =>
    guarded({ kind: "dm" }, async () => keep(await findWritableDm(client, peer))),
  );
  if (failures.length > 0) await assertReadable(client, failures[0]);
  for (const each of broken) onBroken?.(each);
  return [...found.values()];
}

/** Where an empty list fails too, no conversation is at fault. */
async function assertReadable({ conversations }: BrowserClient, failure: unknown): Promise<void> {
  await conversations.list({ createdAfterNs: sdkValues.latestNs - 1n }).catch(() => {
    throw failure;
  });
}

async function inBatches<T>(items: readonly T[], signal: AbortSignal | undefined, run: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += lookUpsAtOnce) {
    signal?.throwIfAborted();
    await Promise.all(items.slice(from, from + lookUpsAtOnce).map(run));
  }
}
