import type { MethodRow } from "../backupsMethods.ts";
import { assertTools, isPlainObject } from "../errors/assertOptions.ts";
import type { TransferOptions } from "../ports/callOptions.ts";

/**
 * Parameters that can be cloned, and the other values apart. Anything but an object of options goes as it is and is refused there.
 *
 * @throws OPTIONS_INVALID when the signal is none
 */
export function splitParameters(
  name: string,
  { optionsAt, movesBytes }: MethodRow,
  given: readonly unknown[],
): { parameters: unknown[]; tools: TransferOptions } {
  // An event of a page that a button passes on could not be cloned.
  if (optionsAt === undefined) return { parameters: [], tools: {} };
  const last = given[optionsAt];
  if (last !== undefined && !isPlainObject(last)) return { parameters: [...given], tools: {} };
  assertTools(name, last ?? {});
  const { signal, ...rest } = (last ?? {}) as TransferOptions;
  const { onProgress, ...without } = rest;
  const options = movesBytes ? without : rest;
  const parameters = Array.from({ length: optionsAt + 1 }, (_, index) => (index === optionsAt ? options : given[index]));
  return { parameters, tools: { signal, ...(movesBytes && { onProgress }) } };
}

/** The parameters that the method takes where the backups are: those that came, and these tools among their options. */
export function joinParameters(
  { optionsAt, movesBytes }: MethodRow,
  parameters: readonly unknown[],
  { signal, onProgress }: TransferOptions,
): unknown[] {
  const full = [...parameters];
  if (optionsAt === undefined) return full;
  const given = full[optionsAt];
  if (given === undefined || isPlainObject(given)) full[optionsAt] = { ...given, signal, ...(movesBytes && { onProgress }) };
  return full;
}
