import type { Consent } from "../ports/hostConversation.ts";
import { sdkValues } from "./sdkValues.ts";

const sdkStates = sdkValues.consentState;

/** Every state: docs/sdk-facts.md#lists-leave-denied-out. */
export const allConsentStates = [sdkStates.allowed, sdkStates.unknown, sdkStates.denied];

/** Core's word for a consent in the SDK's. */
export function sdkConsent(consent: Consent): number {
  return sdkStates[consent];
}

/** What the SDK says of consent, in core's words. */
export function hostConsent(state: number): Consent {
  if (state === sdkStates.allowed) return "allowed";
  return state === sdkStates.denied ? "denied" : "unknown";
}
