import type { HostMessage } from "@xmtp-backup/core";
import { hostMessage } from "@xmtp-backup/core/sdk";
import { createPace } from "./createPace.ts";
import { probeOpen } from "./probeOpen.ts";
import type { NodeClient } from "./nodeClient.ts";

/** Those of these messages that the client shows as they were sent. */
export async function findMessages(client: NodeClient, ids: readonly string[], signal?: AbortSignal): Promise<HostMessage[]> {
  const found: HostMessage[] = [];
  const pace = createPace(signal);
  for (const id of ids) {
    await pace();
    const message = hostMessage(lookUp(client, id));
    if (message) found.push(message);
  }
  await probeOpen(client);
  return found;
}

function lookUp(client: NodeClient, id: string) {
  try {
    return client.conversations.getMessageById(id);
  } catch {
    // A message of a conversation that is damaged; a closed client is found out at the end.
    return undefined;
  }
}
