import type { NodeClient } from "./nodeClient.ts";

/** The end of the SDK's time. */
const latestNs = 2n ** 63n - 1n;

/**
 * A look-up finds nothing in a closed client, and its ids stay readable: a listing is what fails. One that can find nothing
 * takes no time, however many messages there are.
 *
 * @throws the SDK's error when the client is closed
 */
export async function assertOpen(client: NodeClient): Promise<void> {
  await client.conversations.list({ createdAfterNs: latestNs });
}
