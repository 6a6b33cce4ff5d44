import type { ArchiveEntry, Backups, Host } from "@xmtp-backup/core";
import type { AgentClient } from "./agentShape.ts";

type Revoker = Pick<AgentClient, "inboxId" | "installationId" | "revokeInstallations">;

/**
 * Takes the older installations out of the inbox, if this one has a whole archive of its own; says whether it looked.
 *
 * An installation that is as old as this one or newer stays, so that of two containers the newer one wins.
 */
export async function revokeOlder(client: Revoker, host: Pick<Host, "listInstallations">, backups: Pick<Backups, "list">): Promise<boolean> {
  const archives = await backups.list();
  if (!archives.some((archive) => isOwnWhole(archive, client))) return false;
  const installations = await host.listInstallations();
  const ownMs = installations.find(({ isOwn }) => isOwn)?.createdAtMs;
  const older = installations.filter(({ isOwn, createdAtMs }) => !isOwn && createdAtMs !== undefined && ownMs !== undefined && createdAtMs < ownMs);
  if (older.length > 0) await client.revokeInstallations(older.map(({ id }) => Buffer.from(id, "hex")));
  return true;
}

function isOwnWhole({ details }: ArchiveEntry, { inboxId, installationId }: Revoker): boolean {
  if (details?.inboxId !== inboxId || details.installationId !== installationId || details.verifiedAtMs === undefined) return false;
  const { elements, startNs, endNs, missingMessages, lacks } = details;
  return elements.includes("messages") && elements.includes("consent") && (startNs ?? endNs ?? missingMessages ?? lacks) === undefined;
}
