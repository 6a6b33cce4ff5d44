import type { HistorySyncClient } from "./activation/createHistorySync.ts";
import type { Backups } from "./backups.ts";
import type { Upkeep } from "./upkeep/upkeep.ts";

type Method = (...parameters: never[]) => unknown;
type AnyMethod = (...parameters: unknown[]) => unknown;
type MethodsOf<T> = { [Name in keyof T & string]: T[Name] extends Method ? Name : never }[keyof T & string];

/** All methods of `Backups`, and those of its `historySync` by both names. */
type AllMethods = Pick<Backups, MethodsOf<Backups>> & {
  [Name in keyof HistorySyncClient as `historySync.${Name}`]: HistorySyncClient[Name];
};
export type MethodName = keyof AllMethods;

/** What a method answers with; this decides how another tab calls it. */
export type Answers =
  /** A promise: the call goes to the tab that has the backups, and its answer comes back. */
  | "promise"
  /** Nothing: the call goes there, and nobody waits for it. */
  | "nothing"
  /** A value: each tab answers at once, from its copy. */
  | "value";

export type MethodRow = {
  answers: Answers;
  /** Which of the parameters is the object of options, with the signal. @default it takes no parameters */
  optionsAt?: number;
  /** The options take `onProgress`, which hears bytes. @default false */
  movesBytes?: true;
  /** How many parameters a method takes that answers with nothing. @default 0 */
  takes?: number;
  /** The part of the code that has the method and is loaded when it is first called. @default what every screen loads */
  partOf?: keyof LoadedParts;
};

/** The parts of the code whose methods are all loaded when the first of them is called. */
export type LoadedParts = { upkeep: Upkeep; historySync: HistorySyncClient };

type LastOf<TMethod extends Method> =
  Required<Parameters<TMethod>> extends [...infer Before, infer Last] ? { at: Before["length"]; options: Last } : undefined;
type PromiseRow<TLast> = { answers: "promise" } & (TLast extends { at: infer At; options: infer Options }
  ? { optionsAt: At } & ("onProgress" extends keyof Options ? { movesBytes: true } : unknown)
  : unknown);
type NothingRow<TCount> = { answers: "nothing" } & (TCount extends 0 ? unknown : { takes: TCount });
type ValueRow = { answers: "value" };

/** A task is a promise too, but the tab that asks for it has one of its own at once. */
type RowOf<TMethod extends Method> =
  ReturnType<TMethod> extends Promise<unknown>
    ? ReturnType<TMethod> extends { cancel: Method }
      ? ValueRow
      : PromiseRow<LastOf<TMethod>>
    : ReturnType<TMethod> extends void
      ? NothingRow<Parameters<TMethod>["length"]> | ValueRow
      : ValueRow;
type PartRow<TName> = TName extends keyof Upkeep
  ? { partOf: "upkeep" }
  : TName extends `historySync.${string}`
    ? { partOf: "historySync" }
    : unknown;

/** A row for each method, and the only one that fits it. */
export type MethodTable = { readonly [Name in MethodName]: RowOf<AllMethods[Name]> & PartRow<Name> };

/**
 * Every method of `Backups`: what it answers with, where its options are, and with which code it is loaded.
 *
 * It drives the loading in `createBackups`, the calls of other tabs, and the switch between tabs. Its types make a new method a compile error
 * until its row is here and is right.
 */
export const backupsMethods = {
  start: { answers: "promise" },
  // It ends what this tab follows, and nothing elsewhere.
  stop: { answers: "value" },
  current: { answers: "value" },
  backup: { answers: "value" },
  restore: { answers: "value" },
  prepareFor: { answers: "value" },
  confirmKey: { answers: "promise" },
  retry: { answers: "nothing" },
  setPolicy: { answers: "nothing", takes: 1 },
  closingAdvice: { answers: "value" },

  list: { answers: "promise", optionsAt: 0, partOf: "upkeep" },
  inspect: { answers: "promise", optionsAt: 1, partOf: "upkeep" },
  deletedMessages: { answers: "promise", optionsAt: 0, partOf: "upkeep" },
  remove: { answers: "promise", optionsAt: 1, partOf: "upkeep" },
  rename: { answers: "promise", optionsAt: 2, partOf: "upkeep" },
  pin: { answers: "promise", optionsAt: 1, partOf: "upkeep" },
  unpin: { answers: "promise", optionsAt: 1, partOf: "upkeep" },
  verify: { answers: "promise", optionsAt: 1, movesBytes: true, partOf: "upkeep" },
  consolidate: { answers: "promise", optionsAt: 1, movesBytes: true, partOf: "upkeep" },
  rekey: { answers: "promise", optionsAt: 1, movesBytes: true, partOf: "upkeep" },
  planRetention: { answers: "promise", optionsAt: 1, partOf: "upkeep" },
  acceptSmaller: { answers: "promise", optionsAt: 0, partOf: "upkeep" },

  conversation: { answers: "value" },
  canWrite: { answers: "value" },
  guardWrites: { answers: "value" },
  recreateDms: { answers: "value" },
  dismiss: { answers: "nothing", takes: 1 },
  trackAgain: { answers: "nothing", takes: 1 },
  lookNow: { answers: "nothing" },
  otherInstallations: { answers: "promise", optionsAt: 0 },
  reportOtherInstallation: { answers: "nothing" },
  gapFillers: { answers: "promise", optionsAt: 0 },

  "historySync.request": { answers: "promise", optionsAt: 0, partOf: "historySync" },
  "historySync.send": { answers: "promise", optionsAt: 1, partOf: "historySync" },
  "historySync.available": { answers: "promise", optionsAt: 0, partOf: "historySync" },
  "historySync.process": { answers: "promise", optionsAt: 1, partOf: "historySync" },
} as const satisfies MethodTable;

export type NamesAnswering<TAnswers extends Answers> = {
  [Name in MethodName]: (typeof backupsMethods)[Name]["answers"] extends TAnswers ? Name : never;
}[MethodName];
/** The methods that answer so; those of `historySync` all answer with promises. */
export type MethodsAnswering<TAnswers extends Answers> = Pick<
  Backups,
  Extract<NamesAnswering<TAnswers>, keyof Backups> | ("promise" extends TAnswers ? "historySync" : never)
>;

const rows = Object.entries(backupsMethods) as [MethodName, MethodRow][];

/** Makes the methods that answer so, each by one function of its name and its row. */
export function makeMethods<TAnswers extends Answers>(
  answers: readonly TAnswers[],
  make: (name: NamesAnswering<TAnswers>, row: MethodRow) => AnyMethod,
): MethodsAnswering<TAnswers> {
  const made: Record<string, unknown> = {};
  const historySync: Record<string, unknown> = {};
  for (const [name, row] of rows) {
    const isAsked = (answers as readonly Answers[]).includes(row.answers);
    if (isAsked) (isOfHistorySync(name) ? historySync : made)[ownName(name)] = make(name as NamesAnswering<TAnswers>, row);
  }
  const isAny = Object.keys(historySync).length > 0;
  return { ...made, ...(isAny && { historySync }) } as unknown as MethodsAnswering<TAnswers>;
}

/** The methods that one part of the code has, under the names that its object has them. */
export function methodsOfPart(part: keyof LoadedParts): MethodName[] {
  return rows.filter(([, { partOf }]) => partOf === part).map(([name]) => ownName(name));
}

/** Calls a method by its name. */
export function callMethod(backups: Backups, name: MethodName, parameters: readonly unknown[]): unknown {
  const owner: unknown = isOfHistorySync(name) ? backups.historySync : backups;
  return (owner as Record<MethodName, AnyMethod>)[ownName(name)](...parameters);
}

function isOfHistorySync(name: string): boolean {
  return name.startsWith("historySync.");
}

/** The name under which its object has the method. */
function ownName(name: MethodName): MethodName {
  return name.slice(name.indexOf(".") + 1) as MethodName;
}
