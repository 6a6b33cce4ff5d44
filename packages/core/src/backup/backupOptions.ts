import { assertOptions, invalid } from "../errors/assertOptions.ts";
import type { BackupPriority } from "../ports/backupPriority.ts";
import type { BackupTrigger } from "../ports/backupTrigger.ts";
import { allElements, type Element } from "../ports/element.ts";
import { assertName } from "../archives/assertName.ts";

export type BackupOptions = {
  /** Free text to find the archive by, at most 200 characters. @default none */
  name?: string;
  /** @default both */
  elements?: readonly Element[];
  /** Messages sent after this time, in nanoseconds since 1970. @default from the first */
  startNs?: bigint;
  /** Messages sent up to this time, in nanoseconds since 1970. @default up to now */
  endNs?: bigint;
  /** @default false */
  excludeDisappearingMessages?: boolean;
  /**
   * Export everything, and build on no earlier archive.
   *
   * @default false: a whole backup exports what the last whole archive lacks
   */
  fresh?: boolean;
  /**
   * Make a whole archive, and no increment.
   *
   * @default false: the policy decides
   */
  whole?: boolean;
  /**
   * `"low"` keeps the app's own calls quick while a long history is exported: one export at a time. Each is followed by a rest of its own
   * length, a minute at most. The export then takes about 3.5 times as long (docs/large-histories.md).
   *
   * @default "normal", as fast as it can
   */
  priority?: BackupPriority;
  /**
   * Make a first key although the store lists archives, none of whose keys this device has: they are of other inboxes, or their key is lost.
   *
   * @default the setting of `createBackups`
   */
  allowNewKey?: boolean;
  /** What made the backup run; kept with the archive. @default "manual" */
  trigger?: BackupTrigger;
};

const switches = ["excludeDisappearingMessages", "allowNewKey", "fresh", "whole"] as const;
const names = [
  "name",
  "elements",
  "startNs",
  "endNs",
  "priority",
  "trigger",
  ...switches,
] as const satisfies readonly (keyof BackupOptions)[];
const triggers: readonly unknown[] = ["manual", "first", "schedule", "activity", "event"] satisfies BackupTrigger[];

const priorities: readonly unknown[] = ["normal", "low"] satisfies BackupPriority[];

/** @throws OPTIONS_INVALID when an option is unknown or malformed, nothing is selected, a name is too long or the range is empty */
export function assertBackupOptions(options: BackupOptions): void {
  const refuse = (message: string) => {
    throw invalid(message);
  };
  assertOptions("backup", options, names);
  const { name, elements = allElements, startNs, endNs, priority = "normal", trigger = "manual" } = options;
  assertName(name);
  for (const each of switches) {
    if (options[each] !== undefined && typeof options[each] !== "boolean") refuse(`${each} is true or false.`);
  }
  if (!triggers.includes(trigger)) refuse(`trigger is one of ${triggers.join(", ")}.`);
  if (!priorities.includes(priority)) refuse(`priority is one of ${priorities.join(", ")}.`);
  if (!Array.isArray(elements)) refuse("elements is a list of messages, consent or both.");
  if (elements.length === 0) refuse("A backup of no elements would be empty: name messages, consent or both.");
  const unknown = (elements as readonly Element[]).find((element) => !allElements.includes(element));
  if (unknown !== undefined) refuse(`There is no element called ${JSON.stringify(unknown)}: name messages, consent or both.`);
  for (const bound of [startNs, endNs]) {
    if (bound !== undefined && (typeof bound !== "bigint" || bound < 0n)) refuse("A time is a bigint of nanoseconds since 1970.");
  }
  if (startNs !== undefined && endNs !== undefined && startNs >= endNs) refuse("The start of the range is not before its end.");
}
