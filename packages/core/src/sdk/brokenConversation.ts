import type { BrokenConversation } from "../ports/hostConversation.ts";

/** What can be said of a conversation that the SDK can't describe. */
export function brokenConversation(conversation: { readonly id: string; readonly createdAtNs: bigint | undefined }): BrokenConversation {
  const { id } = conversation;
  const kind = "peerInboxId" in conversation ? "dm" : "group";
  try {
    const { createdAtNs } = conversation;
    return { id, kind, ...(createdAtNs !== undefined && { createdAtNs }) };
  } catch {
    return { id, kind };
  }
}
