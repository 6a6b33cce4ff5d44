import { BackupError } from "../errors/backupError.ts";

/** What a host needs of a client of its SDK, for `assertSdkClient`. */
export type SdkNeeds = {
  /** The host's name, as an app calls it. */
  host: string;
  /** The SDK's package. */
  sdk: string;
  /** The major version of the package that the host is made for. */
  major: number;
  /** Whether the client is one of the SDK for browsers. */
  inBrowser: boolean;
  /** The methods that the host calls, of the client and of what belongs to it. */
  calls: Record<"client" | "conversations" | "preferences", readonly string[]>;
};

/** Marks a client of the SDK for browsers: docs/sdk-facts.md#is-ready. */
const browserMark = "isReady";

/**
 * Refuses what a host can't work with (docs/sdk-facts.md#archive-calls-are-missing), by its shape (docs/sdk-facts.md#two-copies).
 *
 * @throws OPTIONS_INVALID when it is no client, a promise of one, or a client of the other SDK
 * @throws SDK_UNSUPPORTED when a call is missing that the host needs, as in older and newer versions of the SDK
 * @throws CLIENT_CLOSED when the client can't be asked yet
 *
 * @example
 * ```ts
 * import { assertSdkClient } from "@xmtp-backup/core/sdk";
 *
 * function assertClient(client: unknown) {
 *   const calls = { client: ["createArchive", "importArchive"], conversations: ["sync"], preferences: ["setConsentStates"] };
 *   assertSdkClient(client, { host: "myHost", sdk: "@xmtp/node-sdk", major: 6, inBrowser: false, calls });
 * }
 * ```
 */
export function assertSdkClient(client: unknown, needs: SdkNeeds): void {
  const { host, sdk, inBrowser, calls } = needs;
  if (typeof client !== "object" || client === null)
    throw invalid(`${host} needs an XMTP client.`, `It was called with ${client === null ? "null" : typeof client}.`);
  if (hasCall(client, "then")) throw invalid(`${host} needs an XMTP client.`, "It was called with a promise: await Client.create() first.");
  if (hasCall(read(client, "archives"), "exportToFile") || hasCall(read(client, "archives"), "exportToBytes"))
    throw unsupported(client, needs, "a newer version: its archive calls have other names");
  if (browserMark in client !== inBrowser && hasCall(client, "createArchive")) {
    throw invalid(
      `${host} needs a client of ${sdk}.`,
      inBrowser ? "This one is of the SDK for Node: use nodeHost." : "This one is of the SDK for browsers: use browserHost.",
    );
  }
  assertCalls("client", client);
  for (const part of ["conversations", "preferences"] as const) assertCalls(part, readReady(client, part));

  function assertCalls(part: keyof SdkNeeds["calls"], value: unknown): void {
    const missing = calls[part].filter((name) => !hasCall(value, name));
    if (missing.length === 0) return;
    const names = missing.map((name) => (part === "client" ? name : `${part}.${name}`)).join(", ");
    throw unsupported(client, needs, `${missing.includes("createArchive") ? "an older" : "another"} version: it has no ${names}`);
  }
}

function unsupported(client: unknown, { host, sdk, major }: SdkNeeds, why: string): BackupError {
  const version = read(client, "libxmtpVersion");
  const inside = typeof version === "string" && /^[\w.+-]{1,64}$/.test(version) ? ` (libxmtp ${version})` : "";
  return new BackupError("SDK_UNSUPPORTED", `${host} works with version ${major} of ${sdk}.`, {
    details: `This client${inside} is of ${why}. Install it with: npm install ${sdk}@${major}.`,
  });
}

function invalid(shortMessage: string, details: string): BackupError {
  return new BackupError("OPTIONS_INVALID", shortMessage, { details });
}

function hasCall(value: unknown, name: string): boolean {
  return typeof read(value, name) === "function";
}

/** A client that was not opened yet throws for what belongs to it. */
function readReady(client: object, name: string): unknown {
  try {
    return Reflect.get(client, name);
  } catch (error) {
    throw new BackupError("CLIENT_CLOSED", "The XMTP client is not ready.", { cause: error });
  }
}

function read(value: unknown, name: string): unknown {
  try {
    return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  } catch {
    return undefined;
  }
}
