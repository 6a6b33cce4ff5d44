import { openClient } from "./openClient.ts";

/**
 * Carol makes a group with these people, and is never seen again: who asks to leave it stays a member, since only an admin's app takes
 * members out.
 */
export async function inviteByCarol(networkUrl: string, folder: string, inboxIds: string[]): Promise<void> {
  const client = await openClient(networkUrl, folder, `carol-${crypto.randomUUID()}`);
  try {
    const group = await client.conversations.createGroup(inboxIds, { groupName: "Choir" });
    await group.sendText("Rehearsal is on Tuesday.");
  } finally {
    await client.close();
  }
}
