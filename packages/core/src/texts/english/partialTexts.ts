import type { PartialReason } from "../../retention/rules/partialReason.ts";

/** Why a backup is no whole one. */
export const partialTexts = {
  "partial.damaged": "It can't be read back.",
  "partial.ofRevoked": "It comes from a device that was no longer in your account.",
  "partial.noMessages": "It holds no messages.",
  "partial.noConsent": "It lacks the list of people whom you allow to write to you.",
  "partial.range": "It holds only a part of the time.",
  "partial.noDisappearing": "It holds no disappearing messages.",
  "partial.incomplete": "Something is missing in it.",
  "partial.unverified": "It was never checked.",
  "partial.unknown": "This version of the app can't say why.",
} as const satisfies Record<`partial.${PartialReason | "unknown"}`, string>;
