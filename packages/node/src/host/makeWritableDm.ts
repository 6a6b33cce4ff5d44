import { BackupError } from "@xmtp-backup/core";
import type { NodeClient, NodeDm } from "./nodeClient.ts";

/**
 * The DM with a person that can be written, if there is one. A restored one is not found (docs/sdk-facts.md#restored-dm-is-not-found-by-its-peer).
 */
export async function findWritableDm(client: NodeClient, peerInboxId: string): Promise<NodeDm | undefined> {
  const dm = client.conversations.getDmByInboxId(peerInboxId);
  return dm && (await hasPeer(dm)) ? dm : undefined;
}

/**
 * The DM with a person that can be written: the one that there is, or a new one.
 *
 * The SDK never finishes a DM that it has left half made (docs/sdk-facts.md#half-made-dm). So this asks the network first for
 * all that a DM takes, and refuses one that is half made.
 *
 * @throws HOST_FAILED when the DM was left half made, or nobody can be reached as that person
 */
export async function makeWritableDm(client: NodeClient, peerInboxId: string, signal?: AbortSignal): Promise<NodeDm> {
  if (!client.conversations.getDmByInboxId(peerInboxId)) await assertReachable(client, peerInboxId);
  signal?.throwIfAborted();
  const dm = await client.conversations.createDm(peerInboxId);
  if (await hasPeer(dm)) return dm;
  throw new BackupError("HOST_FAILED", "The SDK has left the DM with this person half made.", {
    details: "What is sent to it reaches nobody; it can be written once that person writes.",
  });
}

async function assertReachable(client: NodeClient, inboxId: string): Promise<void> {
  const [state] = await client.preferences.fetchInboxStates([inboxId]);
  const statuses = await client.fetchKeyPackageStatuses(state?.installations.map(({ id }) => id) ?? []);
  if (Object.values(statuses).some(({ validationError }) => validationError === undefined)) return;
  throw new BackupError("HOST_FAILED", "No app of this person can be reached.");
}

async function hasPeer(dm: NodeDm): Promise<boolean> {
  const members = await dm.members();
  return members.some(({ inboxId }) => inboxId === dm.peerInboxId);
}
