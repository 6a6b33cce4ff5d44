import type { BackupPolicy, Weekday } from "@xmtp-backup/core";
import { normalizePolicy } from "@xmtp-backup/core";

/** The settings that people see; the rest of the policy stays as it is. */
export type PolicyForm = {
  frequency: "never" | "daily" | "weekly" | "monthly";
  at: string;
  weekday: Weekday;
  /** 0 for never. */
  afterMessages: number;
  last: number;
  weekly: number;
  monthly: number;
};

/** What the form shows of a policy. */
export function formOf(policy: BackupPolicy): PolicyForm {
  const { frequency, at, weekday, afterMessages, keep } = normalizePolicy(policy);
  return {
    frequency: typeof frequency === "string" ? frequency : "daily",
    at,
    weekday,
    afterMessages: afterMessages || 0,
    last: numberOf(keep.last),
    weekly: numberOf(keep.weekly),
    monthly: numberOf(keep.monthly),
  };
}

/** The policy that a form asks for. */
export function policyOf({ frequency, at, weekday, afterMessages, ...counts }: PolicyForm, policy: BackupPolicy): BackupPolicy {
  return { ...policy, frequency, at, weekday, afterMessages: afterMessages || false, keep: keepOf(counts) };
}

/** Which archives a form wants kept. */
export function keepOf({ last, weekly, monthly }: Pick<PolicyForm, "last" | "weekly" | "monthly">) {
  return { last, weekly, monthly };
}

function numberOf(count: number | "all" | undefined): number {
  return count === "all" ? maxCount : (count ?? 0);
}

export const maxCount = 99;

export const frequencies = [
  { value: "daily", label: "Every day" },
  { value: "weekly", label: "Every week" },
  { value: "monthly", label: "Every month" },
  { value: "never", label: "Only by hand" },
] as const satisfies readonly { value: PolicyForm["frequency"]; label: string }[];

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const satisfies readonly Weekday[];

export const activities = [
  { value: 0, label: "No" },
  { value: 20, label: "After 20 new messages" },
  { value: 100, label: "After 100 new messages" },
  { value: 500, label: "After 500 new messages" },
] as const;

export const keepFields = [
  { rule: "last", label: "Newest", hint: "backups", min: 1 },
  { rule: "weekly", label: "Weekly", hint: "weeks back", min: 0 },
  { rule: "monthly", label: "Monthly", hint: "months back", min: 0 },
] as const satisfies readonly { rule: keyof PolicyForm; label: string; hint: string; min: number }[];
