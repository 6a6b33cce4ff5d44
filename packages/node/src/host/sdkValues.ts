/**
 * The values of the SDK's enums (docs/sdk-facts.md#enum-values). Importing them would load a second copy of the SDK
 * if the client is of another one.
 */
export const sdkValues = {
  consentState: { unknown: 0, allowed: 1, denied: 2 },
  consentEntity: { conversation: 0, person: 1 },
  applicationMessage: 0,
  element: { messages: "Messages", consent: "Consent" },
} as const;
