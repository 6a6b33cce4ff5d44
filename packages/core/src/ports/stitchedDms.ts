import type { HostConversation } from "./hostConversation.ts";

/**
 * Which DMs show the same messages: each that is not the first with its peer, and the first.
 *
 * A count of every one would count them twice: docs/sdk-facts.md#stitched-dms.
 */
export function stitchedDms(conversations: readonly Pick<HostConversation, "id" | "peerInboxId">[]): Map<string, string> {
  const firsts = new Map<string, string>();
  const stitched = new Map<string, string>();
  for (const { id, peerInboxId } of conversations) {
    if (peerInboxId === undefined) continue;
    const first = firsts.get(peerInboxId);
    if (first === undefined) firsts.set(peerInboxId, id);
    else stitched.set(id, first);
  }
  return stitched;
}
