import type { HostMessage } from "@xmtp-backup/core";
import { hostMessage } from "@xmtp-backup/core/sdk";
import type { BrowserClient } from "./browserClient.ts";

/** How many messages the SDK's worker is asked about at a time. */
const atOnce = 32;

/** Those of these messages that the client shows as they were sent. */
export async function findMessages(client: BrowserClient, ids: readonly string[], signal?: AbortSignal): Promise<HostMessage[]> {
  const found: HostMessage[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    signal?.throwIfAborted();
    // A message of a conversation that is damaged can't be read.
    const some = await Promise.all(
      ids.slice(from, from + atOnce).map((id) => client.conversations.getMessageById(id).catch(() => undefined)),
    );
    found.push(...some.map(hostMessage).filter((message) => message !== undefined));
  }
  return found;
}
