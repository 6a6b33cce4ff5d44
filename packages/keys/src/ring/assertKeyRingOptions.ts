import { assertShape, BackupError, type OptionKind } from "@xmtp-backup/core";
import { assertSlotKey } from "../slots/assertSlotKey.ts";
import type { KeyRingOptions } from "./keyRingOptions.ts";

/** What a ring calls of each thing that it is given. */
const methods = {
  store: ["open", "list"],
  cache: ["load", "add"],
  memory: ["read", "write"],
  clock: ["now"],
} as const satisfies Partial<Record<keyof KeyRingOptions, readonly string[]>>;

/** @throws OPTIONS_INVALID when an option of `keyRing` is missing, unknown or of another kind */
export function assertKeyRingOptions(options: unknown): asserts options is KeyRingOptions {
  const shape = { store: "object", cache: "object?", memory: "object?", opener: "object?", name: "text?", clock: "object?" } as const;
  assertShape("keyRing", options, shape);
  const given = options as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  for (const [name, calls] of Object.entries(methods)) {
    const lacking = given[name] && calls.find((call) => typeof given[name]?.[call] !== "function");
    if (lacking) throw new BackupError("OPTIONS_INVALID", `keyRing: ${name} has no ${lacking}().`);
  }
  if (given["opener"] !== undefined) assertSlotKey("keyRing: opener", given["opener"]);
}

/** @throws OPTIONS_INVALID when an option of a ring's call is unknown or of another kind */
export function assertCallOptions(call: string, options: unknown, more: Readonly<Record<string, OptionKind>> = {}): void {
  assertShape(call, options, { signal: "signal?", ...more });
}
