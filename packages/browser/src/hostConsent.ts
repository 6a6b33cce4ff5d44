import type { Consent } from "@xmtp-backup/core";
import { ConsentState } from "@xmtp/browser-sdk";

/** Every state, since the SDK leaves denied conversations out unless it is told not to. */
export const allConsentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

const sdkStates = { allowed: ConsentState.Allowed, unknown: ConsentState.Unknown, denied: ConsentState.Denied };

/** Core's word for a consent in the SDK's. */
export function sdkConsent(consent: Consent): ConsentState {
  return sdkStates[consent];
}

/** What the SDK says of consent, in core's words. */
export function hostConsent(state: ConsentState): Consent {
  if (state === ConsentState.Allowed) return "allowed";
  return state === ConsentState.Denied ? "denied" : "unknown";
}
