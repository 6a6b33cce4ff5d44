export type { AcceptedSmaller } from "./rules/compareHoldings.ts";
export type { Keep } from "./rules/keep.ts";
export type { PartialReason } from "./rules/partialReason.ts";
export { planRetention, type RetentionDecision, type RetentionScope } from "./rules/planRetention.ts";
export type { ForeignReason, RetentionPeriod, RetentionReason } from "./rules/retentionReason.ts";
export type { SmallerBackup } from "./rules/smallerBackup.ts";
