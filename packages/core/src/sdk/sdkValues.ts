/**
 * The values of the SDKs' enums (docs/sdk-facts.md#enum-values). Importing them would load a second copy of an SDK
 * if the client is of another one.
 */
export const sdkValues = {
  consentState: { unknown: 0, allowed: 1, denied: 2 },
  consentEntity: { conversation: 0, person: 1 },
  applicationMessage: 0,
  /** The content types in which the SDK notes that a conversation changed: its members in old versions, and everything. */
  changeTypes: [3, 4] as number[],
  /** The kind of these notes in a group; in a DM the SDK counts none of that kind. */
  groupChange: 1,
  /** The end of the SDKs' time, in nanoseconds since 1970: docs/sdk-facts.md#latest-time. */
  latestNs: 2n ** 63n - 1n,
} as const;
