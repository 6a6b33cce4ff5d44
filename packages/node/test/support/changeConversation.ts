import type { ConversationChange } from "@xmtp-backup/testing";
import type { Dm, Group } from "@xmtp/node-sdk";

const hourNs = 3_600_000_000_000n;

/**
 * Changes a conversation of the client that made it. Only a group has more than a timer.
 *
 * Who has all rights can't leave, so that a change of the admins gives them to the other member.
 */
export async function changeConversation(
  conversation: Group | Dm,
  what: ConversationChange,
  { own, member, newMember }: { own: string; member: string; newMember: () => Promise<string> },
): Promise<void> {
  if (what === "timer") return conversation.updateMessageDisappearingSettings(BigInt(Date.now()) * 1_000_000n, hourNs);
  if (what === "noTimer") return conversation.removeMessageDisappearingSettings();
  const group = conversation as Group;
  if (what === "name") await group.updateName("Porto in June");
  if (what === "people") await group.addMembers([await newMember()]);
  if (what === "leave") await group.requestRemoval();
  if (what === "admins") {
    await group.addSuperAdmin(member);
    await group.removeSuperAdmin(own);
  }
}
