import type { Host } from "../ports/host.ts";
import type { PolicyMemory } from "./rules/policyMemory.ts";
import { countEach } from "../ports/countEach.ts";
import { stitchedDms } from "../ports/stitchedDms.ts";

const nsPerMs = 1_000_000n;

/**
 * How many messages were sent since the last backup, or since the plugin was installed. The client itself is asked, since streams bring
 * only what arrives while the app runs.
 */
export async function countNewMessages(host: Host, { lastSuccessMs, installedAtMs }: PolicyMemory, signal: AbortSignal): Promise<number> {
  const startNs = BigInt(Math.max(0, lastSuccessMs ?? installedAtMs)) * nsPerMs;
  const conversations = await host.listConversations({ signal });
  const stitched = stitchedDms(conversations);
  const ids = conversations.map(({ id }) => id).filter((id) => !stitched.has(id));
  let messages = 0;
  await countEach(host, ids, { startNs }, { signal, onCount: (count) => (messages += count) });
  return messages;
}
