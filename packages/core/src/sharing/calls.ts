import type { Backups } from "../backups.ts";
import type { HistorySyncClient } from "../activation/createHistorySync.ts";
import { assertTools, isPlainObject } from "../errors/assertOptions.ts";
import type { TransferOptions } from "../ports/callOptions.ts";

/** The methods that answer with a promise, and which of their parameters holds a signal. */
export const optionsAt = {
  list: 0,
  inspect: 1,
  deletedMessages: 0,
  remove: 1,
  rename: 2,
  pin: 1,
  unpin: 1,
  verify: 1,
  rekey: 1,
  planRetention: 1,
  acceptSmaller: 0,
  otherInstallations: 0,
  gapFillers: 0,
} as const satisfies Partial<Record<keyof Backups, number>>;

export const historySyncOptionsAt = { request: 0, send: 1, available: 0, process: 1 } as const satisfies Record<
  keyof HistorySyncClient,
  number
>;

export type AnsweringCalls = Pick<Backups, keyof typeof optionsAt>;

/** The methods that answer with nothing, so that nobody waits for them. */
export const saidCalls = [
  "retry",
  "dismiss",
  "trackAgain",
  "lookNow",
  "reportOtherInstallation",
] as const satisfies readonly (keyof Backups)[];

export type SaidCalls = Pick<Backups, (typeof saidCalls)[number]>;

type Call = (...parameters: never[]) => unknown;
type AnyCall = (...parameters: unknown[]) => unknown;

/** The methods that report the bytes that they have moved. */
const movingBytes: readonly string[] = ["verify", "rekey"] satisfies (keyof Backups)[];

/**
 * Parameters that can be cloned, and the other values apart. Anything but an object of options goes as it is and is refused
 * there.
 *
 * @throws OPTIONS_INVALID when the signal is none
 */
export function splitParameters(name: string, given: readonly unknown[], at: number): { parameters: unknown[]; tools: TransferOptions } {
  const last = given[at];
  if (last !== undefined && !isPlainObject(last)) return { parameters: [...given], tools: {} };
  assertTools(name, last ?? {});
  const { signal, ...rest } = (last ?? {}) as TransferOptions;
  const { onProgress, ...without } = rest;
  const options = movingBytes.includes(name) ? without : rest;
  const parameters = Array.from({ length: at + 1 }, (_, index) => (index === at ? options : given[index]));
  return { parameters, tools: { signal, ...(movingBytes.includes(name) && { onProgress }) } };
}

/** Calls a method with its parameters, and these tools among its options. */
export function callWith(
  methods: Record<string, unknown>,
  name: string,
  at: number,
  parameters: readonly unknown[],
  tools: TransferOptions,
): unknown {
  const full = [...parameters];
  const given = parameters[at];
  const { signal, onProgress } = tools;
  if (given === undefined || isPlainObject(given)) full[at] = { ...given, signal, ...(movingBytes.includes(name) && { onProgress }) };
  return (methods[name] as AnyCall)(...full);
}

/** A method for each of the names, made by one function. */
export function methodsFor<TMethods extends Record<keyof TMethods, Call>>(
  at: Record<keyof TMethods, number>,
  make: (name: string, at: number) => Call,
): TMethods {
  const made: unknown = Object.fromEntries(Object.entries<number>(at).map(([name, index]) => [name, make(name, index)]));
  return made as TMethods;
}
