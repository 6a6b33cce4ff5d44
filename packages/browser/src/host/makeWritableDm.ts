import { BackupError } from "@xmtp-backup/core";
import type { BrowserClient, BrowserDm } from "./browserClient.ts";

/**
 * The DM with a person that can be written, if there is one.
 *
 * The SDK's worker passes what is asked of a DM on to the latest DM with the same person. Where that one is an inactive one of a
 * restore, the active one can't be written before that person writes in it.
 */
export async function findWritableDm(client: BrowserClient, peerInboxId: string): Promise<BrowserDm | undefined> {
  const dm = await client.conversations.getDmByInboxId(peerInboxId);
  return dm && (await hasPeer(dm)) ? dm : undefined;
}

/**
 * The DM with a person that can be written: the one that there is, or a new one.
 *
 * A DM that the SDK could not finish, because the network was away, stays for ever: active, without its peer, and given back by
 * every further `createDm`. What is sent to it reaches nobody and no call mends it. So the network is asked first for what it
 * takes, and one that is half made is refused. It is out of the way once the peer writes.
 *
 * @throws HOST_FAILED when the DM was left half made, a restored DM with later messages hides it, or nobody can be reached as that person
 */
export async function makeWritableDm(client: BrowserClient, peerInboxId: string, signal?: AbortSignal): Promise<BrowserDm> {
  if (!(await client.conversations.getDmByInboxId(peerInboxId))) await assertReachable(client, peerInboxId);
  signal?.throwIfAborted();
  const dm = await client.conversations.createDm(peerInboxId);
  if (await hasPeer(dm)) return dm;
  if (!(await dm.isActive())) {
    throw new BackupError("HOST_FAILED", "The SDK passes what is sent to this person to a restored DM, which is read-only.", {
      details: "The restored DM has the latest message. The active one can be written once that person writes.",
    });
  }
  throw new BackupError("HOST_FAILED", "The SDK has left the DM with this person half made.", {
    details: "What is sent to it reaches nobody; it can be written once that person writes.",
  });
}

async function assertReachable(client: BrowserClient, inboxId: string): Promise<void> {
  const [state] = await client.preferences.fetchInboxStates([inboxId]);
  const statuses = await client.fetchKeyPackageStatuses(state?.installations.map(({ id }) => id) ?? []);
  if ([...statuses.values()].some(({ validationError }) => validationError === undefined)) return;
  throw new BackupError("HOST_FAILED", "No app of this person can be reached.");
}

/** Whether the SDK knows a DM's peer as its member; of DMs with one person, it answers for the latest. */
export async function hasPeer(dm: BrowserDm): Promise<boolean> {
  const [members, peerInboxId] = await Promise.all([dm.members(), dm.peerInboxId()]);
  return members.some(({ inboxId }) => inboxId === peerInboxId);
}
