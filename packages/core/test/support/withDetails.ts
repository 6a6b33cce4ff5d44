import type { ArchiveEntry, Backups } from "@xmtp-backup/core";
import { expect } from "vitest";

/** The entry with other details, and nothing else changed. */
export function withDetails(entry: ArchiveEntry, changes: object): unknown {
  return { ...entry, details: { ...entry.details, changedAtMs: expect.any(Number) as unknown, ...changes } };
}

/** Every way to change a manifest. */
export const changes: [string, (backups: Backups, id: string, signal?: AbortSignal) => Promise<ArchiveEntry>][] = [
  ["rename", (backups, id, signal) => backups.rename(id, "Later", { signal })],
  ["pin", (backups, id, signal) => backups.pin(id, { signal })],
  ["unpin", (backups, id, signal) => backups.unpin(id, { signal })],
  ["verify", (backups, id, signal) => backups.verify(id, { signal })],
];
