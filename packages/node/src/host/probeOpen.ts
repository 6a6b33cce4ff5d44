import { sdkValues } from "@xmtp-backup/core/sdk";
import type { NodeClient } from "./nodeClient.ts";

/**
 * Only a listing fails in a closed client (docs/sdk-facts.md#closed-client). A listing of the far future finds nothing, and takes
 * no time however many messages there are.
 *
 * @throws the SDK's error when the client is closed
 */
export async function probeOpen(client: NodeClient): Promise<void> {
  await client.conversations.list({ createdAfterNs: sdkValues.latestNs });
}
