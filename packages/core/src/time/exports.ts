export { breathe } from "@xmtp-backup/archive";
export type { Duration } from "./duration.ts";
export { systemClock } from "./systemClock.ts";
export type { TimeOfDay } from "./timeOfDay.ts";
export type { Weekday } from "./weekday.ts";
