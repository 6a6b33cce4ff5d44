import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { KnownConditions } from "../../ports/knownConditions.ts";
import type { AcceptedSmaller } from "../../retention/rules/compareHoldings.ts";

/** What one look at the key store found. */
export type KeysSeen = {
  usable: number;
  /** Those that were left out, since they can't be used. */
  unusable: number;
  /** The app lets a first key be made beside archives whose key is not at hand. */
  mayBeMade: boolean;
};

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
  /** The client holds no conversation; looked at while the list has no archive of this installation, absent otherwise. */
  isEmpty?: boolean;
  /** The newest archive key, once there is one. */
  keyFingerprint?: string;
  /** The installations of the inbox, as the network has just said. */
  currentInstallationIds?: readonly string[];
  /** The user's word that the newest archive may hold less than earlier ones. */
  accepted?: AcceptedSmaller;
  /** How many archive keys there are; absent when the key store could not be asked. */
  keys?: KeysSeen;
  /** Of the place for archives. */
  storage?: { usedBytes: number; totalBytes: number };
  /** From 0 to 1. */
  random: number;
};
