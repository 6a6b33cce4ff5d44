import type { RetentionPeriod, RetentionReason } from "../../retention/rules/retentionReason.ts";
import type { PluralForms } from "./pluralForms.ts";

/** Why a stored backup stays or goes. */
export const retentionTexts = {
  "retention.unreadable": "It can't be opened with the keys on this device.",
  "retention.otherInbox": "It belongs to another account.",
  "retention.otherNetwork": "It belongs to another network.",
  "retention.otherInstallation": "It belongs to another device.",
  "retention.future": "Its date lies in the future.",
  "retention.goneFirst": "Its device is no longer in your account, and this one has no whole backup yet.",
  "retention.goneHoldsOther": "Its device is no longer in your account, and it holds something that the newest backup of this one lacks.",
  "retention.gone": "Its device is no longer in your account.",
  "retention.pinned": "You pinned it.",
  "retention.named": "You named it.",
  "retention.newestWhole": "It is the newest whole one that was checked.",
  "retention.newestOfKind": "It is the newest of its kind, and none is whole.",
  "retention.newestOfKind.verified": "It is the newest of its kind that was checked, and none is whole.",
  "retention.revoked": "This device is no longer in your account, and removes nothing.",
  "retention.holdsMore": "It holds more than the newest one, which suddenly holds far less.",
  "retention.holdsMost": "It holds the most.",
  "retention.base": { one: "One later backup needs it.", other: "{count} later backups need it." },
  "retention.all": "All are kept.",
  "retention.last": "It is number {place} of the last {of}.",
  "retention.lastPartial": "It is number {place} of the last {of} that are not whole.",
  "retention.period.hour": "It is the newest of its hour, number {place} of {of}.",
  "retention.period.day": "It is the newest of its day, number {place} of {of}.",
  "retention.period.week": "It is the newest of its week, number {place} of {of}.",
  "retention.period.month": "It is the newest of its month, number {place} of {of}.",
  "retention.period.year": "It is the newest of its year, number {place} of {of}.",
  "retention.every.hour": "It is the newest of its hour.",
  "retention.every.day": "It is the newest of its day.",
  "retention.every.week": "It is the newest of its week.",
  "retention.every.month": "It is the newest of its month.",
  "retention.every.year": "It is the newest of its year.",
  "retention.oldest": "It is the oldest one.",
  "retention.oldest.hour": {
    one: "It is the oldest, and there is room for one hour.",
    other: "It is the oldest, and there is room for {count} hours.",
  },
  "retention.oldest.day": {
    one: "It is the oldest, and there is room for one day.",
    other: "It is the oldest, and there is room for {count} days.",
  },
  "retention.oldest.week": {
    one: "It is the oldest, and there is room for one week.",
    other: "It is the oldest, and there is room for {count} weeks.",
  },
  "retention.oldest.month": {
    one: "It is the oldest, and there is room for one month.",
    other: "It is the oldest, and there is room for {count} months.",
  },
  "retention.oldest.year": {
    one: "It is the oldest, and there is room for one year.",
    other: "It is the oldest, and there is room for {count} years.",
  },
  "retention.within": "It was made within {within} of the newest.",
  "retention.within.proven": "It was made within {within} of the newest, as far as its time is proven.",
  "retention.notWhole": "It is not a whole backup.",
  "retention.noRule": "No rule keeps it.",
  "retention.unknown": "This version of the app can't say why.",
} as const satisfies Readonly<
  Record<`retention.${Exclude<RetentionReason["reason"], "period" | "base">}`, string> &
    Record<"retention.base", PluralForms> &
    Record<`retention.${"period" | "every"}.${RetentionPeriod}`, string> &
    Record<`retention.oldest.${RetentionPeriod}`, PluralForms> &
    Record<"retention.newestOfKind.verified" | "retention.within.proven" | "retention.unknown", string>
>;
