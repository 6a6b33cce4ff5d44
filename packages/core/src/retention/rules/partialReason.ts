/**
 * Why a stored archive is no whole one that the rules and the health may count on.
 *
 * `damaged`: it can't be read back. `ofRevoked`: an installation made it that was removed from the inbox. `noMessages`, `noConsent`:
 * it was asked to hold only the other. `range`: it holds only a part of the time. `noDisappearing`: messages that disappear were
 * left out. `incomplete`: something is missing in it. `unverified`: it was never read back.
 */
export type PartialReason = "damaged" | "ofRevoked" | "noMessages" | "noConsent" | "range" | "noDisappearing" | "incomplete" | "unverified";
