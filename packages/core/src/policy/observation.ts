import type { ArchiveEntry } from "../model/archiveEntry.ts";
import type { KnownConditions } from "../model/knownConditions.ts";
import type { AcceptedSmaller } from "./holdings.ts";

/** What the world looks like at one moment; whatever nobody can tell is absent. */
export type Observation = {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The user's IANA time zone. */
  timeZone: string;
  inboxId: string;
  installationId: string;
  /** The network of the client, where it is known. */
  network?: string;
  conditions: KnownConditions;
  /** Every archive of the store, newest first; absent when the store could not be asked. */
  archives?: readonly ArchiveEntry[];
  /** The newest archive key, once there is one. */
  keyFingerprint?: string;
  /** The installations of the inbox, as the network has just said. */
  currentInstallationIds?: readonly string[];
  /** The user's word that the newest archive may hold less than earlier ones. */
  accepted?: AcceptedSmaller;
  /** Of the place for archives. */
  storage?: { usedBytes: number; totalBytes: number };
  /** From 0 to 1. */
  random: number;
};
