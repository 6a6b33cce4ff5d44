import type { ArchiveEntry } from "./archiveEntry.ts";
import { isSameNetwork } from "../ports/network.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host } from "../ports/host.ts";

/**
 * Marks the archives of another network than the client's; a client that does not answer leaves them as they are.
 *
 * The mark is for lists and recommendations; a restore asks again.
 */
export async function markOtherNetworks(host: Host, entries: readonly ArchiveEntry[], options: CallOptions = {}): Promise<ArchiveEntry[]> {
  const network = await host.identity(options).then(
    (identity) => identity.network,
    () => undefined,
  );
  options.signal?.throwIfAborted();
  return entries.map((entry) =>
    entry.seal !== "open" || isSameNetwork(entry.details.network, network) ? entry : { ...entry, isOtherNetwork: true },
  );
}
