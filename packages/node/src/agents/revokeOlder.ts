import type { ArchiveEntry, Backups, Host } from "@xmtp-backup/core";
import type { AgentClient } from "./agentShape.ts";

type Revoker = Pick<AgentClient, "inboxId" | "installationId" | "revokeInstallations">;

/**
 * Takes the installations of earlier containers out of the inbox, if this one has a whole archive of its own; says whether it is done.
 *
 * An earlier container is known by its archive in this place, which a key at hand opens. An installation without one may be that of
 * somebody's app, and stays. One that is as old as this one or newer stays too, so that of two containers the newer one wins.
 */
export async function revokeOlder(
  client: Revoker,
  host: Pick<Host, "listInstallations">,
  backups: Pick<Backups, "list">,
): Promise<boolean> {
  const archives = await backups.list();
  if (!archives.some((archive) => isOwnWhole(archive, client))) return false;
  const containers = new Set(archives.flatMap(({ details }) => (details?.inboxId === client.inboxId ? [details.installationId] : [])));
  const installations = await host.listInstallations();
  const ownMs = installations.find(({ isOwn }) => isOwn)?.createdAtMs;
  if (ownMs === undefined) return false;
  const older = installations.filter(
    ({ id, isOwn, createdAtMs }) => !isOwn && containers.has(id) && createdAtMs !== undefined && createdAtMs < ownMs,
  );
  if (older.length > 0) await client.revokeInstallations(older.map(({ id }) => Buffer.from(id, "hex")));
  return true;
}

function isOwnWhole({ details }: ArchiveEntry, { inboxId, installationId }: Revoker): boolean {
  if (details?.inboxId !== inboxId || details.installationId !== installationId || details.verifiedAtMs === undefined) return false;
  const { elements, startNs, endNs, missingMessages, lacks } = details;
  return elements.includes("messages") && elements.includes("consent") && (startNs ?? endNs ?? missingMessages ?? lacks) === undefined;
}
