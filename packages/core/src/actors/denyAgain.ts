import type { HostConversation } from "../model/conversation.ts";
import type { ImportedHistory } from "../model/importedHistory.ts";
import type { Host } from "../ports/host.ts";

/**
 * Denies what an import brought and the user had denied: the SDK allows every DM that it imports, whatever the archive says.
 *
 * Answers with the ids of those; what is active or known already is left as it is, since the user may have decided anew.
 */
export async function denyAgain(host: Host, { conversations }: ImportedHistory, brought: readonly HostConversation[]): Promise<Set<string>> {
  const wasDenied = new Set(conversations.filter(({ isDenied }) => isDenied).map(({ id }) => id));
  const denied = new Set<string>();
  for (const { id, isActive, consent } of brought) {
    if (isActive || consent === "denied" || !wasDenied.has(id)) continue;
    try {
      await host.setConsent(id, "denied");
      denied.add(id);
    } catch {
      // The restore has succeeded all the same; what is followed then says what the client says.
    }
  }
  return denied;
}
