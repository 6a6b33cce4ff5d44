import type { TimeOfDay } from "../../time/timeOfDay.ts";

/** From a time of day up to another one, over midnight when it ends before it begins. */
export type QuietWindow = { from: TimeOfDay; to: TimeOfDay };

/** What must hold before a backup runs automatically. */
export type Conditions = {
  /** `unmetered` and `wifi` need a network of that sort; `any` does not look. @default "any" */
  network?: "any" | "unmetered" | "wifi";
  /** Only while the device is charging. @default false */
  charging?: boolean;
  /** Only within this time of day, in the policy's zone. @default at any time */
  quietWindow?: QuietWindow;
};
