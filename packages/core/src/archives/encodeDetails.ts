import type { ArchiveDetails, LackingRange, ReplacedRange } from "./archiveEntry.ts";

const bigintFields = ["startNs", "endNs", "firstMessageNs", "lastMessageNs", "cutNs"] as const;
const rangeFields = ["startNs", "endNs"] as const;

/** The sealed part of a manifest as JSON text; nanoseconds are decimal strings, since JSON has no bigint. */
export function encodeDetails(details: ArchiveDetails): string {
  return JSON.stringify(details, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** The inverse of `encodeDetails`; fields that a newer version added are dropped by nobody and read by none. */
export function decodeDetails(text: string): ArchiveDetails {
  const fields = JSON.parse(text) as Record<string, unknown>;
  readBigints(fields, bigintFields);
  const details = fields as ArchiveDetails;
  for (const { sentNs } of details.deletedMessages ?? []) readBigints(sentNs as Partial<Record<number, unknown>>, [...sentNs.keys()]);
  for (const range of details.increment?.replaces ?? []) readBigints(range as Record<keyof ReplacedRange, unknown>, rangeFields);
  for (const range of details.lacks?.ranges ?? []) readBigints(range as Record<keyof LackingRange, unknown>, rangeFields);
  return details;
}

function readBigints<TName extends string | number>(fields: Partial<Record<TName, unknown>>, names: readonly TName[]): void {
  for (const name of names) {
    const value = fields[name];
    // No time has more digits, and a number of millions of them would take its time.
    if (typeof value === "string" && value.length <= 20) fields[name] = BigInt(value);
  }
}
