import { BackupError } from "@xmtp-backup/core";
import type { BrowserClient, BrowserDm } from "./browserClient.ts";

/**
 * The DM with a person that can be written, if there is one.
 *
 * If the latest DM with a person is a restored one, the active one can be written only once that person writes in it
 * (docs/sdk-facts.md#browser-answers-for-the-latest-dm).
 */
export async function findWritableDm(client: BrowserClient, peerInboxId: string): Promise<BrowserDm | undefined> {
  const dm = await client.conversations.getDmByInboxId(peerInboxId);
  return dm && (await hasPeer(dm)) ? dm : undefined;
}

/**
 * The DM with a person that can be written: the one that there is, or a new one.
 *
 * The SDK never finishes a DM that it has left half made (docs/sdk-facts.md#half-made-dm). So this asks the network first for
 * all that a DM takes, and refuses one that is half made.
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

/** Whether the SDK knows a DM's peer as its member, in the latest DM with that person. */
export async function hasPeer(dm: BrowserDm): Promise<boolean> {
  const [members, peerInboxId] = await Promise.all([dm.members(), dm.peerInboxId()]);
  return members.some(({ inboxId }) => inboxId === peerInboxId);
}
