import type { HostEvent } from "@xmtp-backup/core";
import { keepStreamOpen, openStreams } from "@xmtp-backup/core/sdk";
import type { NodeClient } from "./nodeClient.ts";

/**
 * Tells when a conversation or message arrives or consent changes, and when a stream that had failed is there again; never throws.
 *
 * It retries in place of the SDK (docs/sdk-facts.md#retries-outlive-the-stream): these retries end with the watch, and never hold
 * the process.
 */
export function watchClient(client: NodeClient, listener: (event: HostEvent) => void): () => void {
  return openStreams(client, (open, tell) => keepStreamOpen({ open, tell }).end, listener);
}
