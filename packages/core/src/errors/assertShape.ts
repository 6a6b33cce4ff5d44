import { assertNames, invalid, isPlainObject } from "./assertOptions.ts";

const kinds = {
  text: ["text of at least one character", (value: unknown) => typeof value === "string" && value !== ""],
  function: ["a function", (value: unknown) => typeof value === "function"],
  boolean: ["true or false", (value: unknown) => typeof value === "boolean"],
  number: ["a number", (value: unknown) => typeof value === "number"],
  object: ["an object", (value: unknown) => typeof value === "object" && value !== null],
  texts: ["a list of texts", (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === "string")],
  signal: ["an AbortSignal", (value: unknown) => typeof value === "object" && value !== null && "throwIfAborted" in value],
  any: ["given", (value: unknown) => value !== undefined],
} as const;

/** What an option is; with `?` it may be absent. */
export type OptionKind = keyof typeof kinds | `${keyof typeof kinds}?`;

/**
 * Refuses options of a factory that are missing, unknown or of another kind, by their names, for code without types.
 *
 * @param call - the factory, as its caller wrote it
 * @throws OPTIONS_INVALID with the name of the option, and for an unknown one the nearest known
 *
 * @example
 * ```ts
 * import { assertShape, type ArchiveStore } from "@xmtp-backup/core";
 *
 * function myStore(options: { directory: string; create?: boolean }): Pick<ArchiveStore, "features"> {
 *   assertShape("myStore", options, { directory: "text", create: "boolean?" });
 *   return { features: { local: true } };
 * }
 * ```
 */
export function assertShape(call: string, options: unknown, shape: Readonly<Record<string, OptionKind>>): void {
  const required = Object.keys(shape).filter((name) => !shape[name]?.endsWith("?"));
  if (options === undefined && required.length === 0) return;
  if (!isPlainObject(options))
    throw invalid(`${call} takes its options as an object.`, required.length > 0 ? `It needs ${required.join(" and ")}.` : undefined);
  assertNames(`${call} has no option`, Object.keys(options), Object.keys(shape));
  for (const [name, kind] of Object.entries(shape)) {
    const value = options[name];
    if (value === undefined && kind.endsWith("?")) continue;
    if (value === undefined) throw invalid(`${call}: ${name} is missing.`);
    const [word, isOf] = kinds[kind.replace("?", "") as keyof typeof kinds];
    if (!isOf(value)) throw invalid(`${call}: ${name} is ${word}.`);
  }
}
