import type { ArchiveDetails } from "../model/archiveEntry.ts";

const bigintFields = ["startNs", "endNs", "firstMessageNs", "lastMessageNs"] as const;

/** The sealed part of a manifest as JSON text; nanoseconds are decimal strings, since JSON has no bigint. */
export function encodeDetails(details: ArchiveDetails): string {
  return JSON.stringify(details, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** The inverse of `encodeDetails`; fields that a newer version added are dropped by nobody and read by none. */
export function decodeDetails(text: string): ArchiveDetails {
  const fields = JSON.parse(text) as Record<string, unknown>;
  for (const name of bigintFields) {
    if (typeof fields[name] === "string") fields[name] = BigInt(fields[name]);
  }
  return fields as ArchiveDetails;
}
