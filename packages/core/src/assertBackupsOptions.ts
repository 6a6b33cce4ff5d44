import { assertLogger } from "./logging/assertLogger.ts";
import { assertOptions, invalid, isPlainObject } from "./errors/assertOptions.ts";
import { fullReuse } from "./ports/reuse.ts";
import { parseDuration } from "./time/duration.ts";
import type { BackupsOptions } from "./backupsOptions.ts";

/** What each part is made by, and methods that tell it from everything else. */
const parts = {
  host: ["nodeHost or browserHost", "identity", "exportArchive", "importArchive", "listConversations"],
  store: ["fileStore, opfsStore or another store", "open", "put", "putManifest", "list", "get", "remove"],
  keys: ["fileKeys, indexedDbKeys, keyRing or another key store", "load", "add"],
  journal: ["fileJournal or indexedDbJournal", "read", "write", "remove"],
  lock: ["fileLock or webLock", "tryAcquire"],
  clock: ["systemClock", "now", "timeZone", "setTimeout", "clearTimeout"],
  device: ["nodeDevice or browserDevice", "conditions", "watch"],
} as const satisfies Partial<Record<keyof BackupsOptions, readonly [madeBy: string, ...methods: string[]]>>;

const names = [...Object.keys(parts), "policy", "activation", "appVersion", "allowNewKey", "reuse", "logger", "inspect"];

/** @throws OPTIONS_INVALID when an option is missing, unknown or of another kind */
export function assertBackupsOptions(options: BackupsOptions): void {
  if (!isPlainObject(options)) throw invalid("createBackups takes an object with a host, a store and keys.");
  assertOptions("createBackups", options, names);
  for (const [name, [madeBy, ...methods]] of Object.entries(parts))
    assertPart(name, (options as Record<string, unknown>)[name], madeBy, methods);
  assertLogger(options.logger);
  assertOptions("activation", options.activation, ["recreateDms"]);
  assertReuse(options.reuse);
  const { appVersion, allowNewKey } = options;
  if (appVersion !== undefined && typeof appVersion !== "string") throw invalid("appVersion is text.");
  if (allowNewKey !== undefined && typeof allowNewKey !== "boolean") throw invalid("allowNewKey is true or false.");
}

function assertReuse(reuse: BackupsOptions["reuse"]): void {
  if (reuse === false) return;
  assertOptions("reuse", reuse, ["freshEvery", "maxCopyBytes"]);
  const { freshEvery, maxCopyBytes } = fullReuse(reuse);
  if (parseDuration(freshEvery) === undefined) throw invalid('reuse.freshEvery is a duration such as "90d".');
  if (!Number.isSafeInteger(maxCopyBytes) || maxCopyBytes < 0) throw invalid("reuse.maxCopyBytes is a whole number of bytes from 0 on.");
}

function assertPart(name: string, value: unknown, madeBy: string, methods: readonly string[]): void {
  if (value === undefined && name !== "host" && name !== "store" && name !== "keys") return;
  const lacking = methods.find((method) => typeof (value as Record<string, unknown> | null | undefined)?.[method] !== "function");
  if (lacking === undefined) return;
  throw invalid(value === undefined ? `${name} is missing.` : `${name} has no method ${lacking}.`, `Pass what ${madeBy} gives.`);
}
