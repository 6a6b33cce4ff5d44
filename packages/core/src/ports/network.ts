/** Where a client is connected to, as its SDK is asked for it. */
export type NetworkAddress = {
  /** The SDK's name of the network, such as `dev` or `production`. */
  env?: string | undefined;
  /** The address in place of that network's own. */
  apiUrl?: string | undefined;
  gatewayHost?: string | undefined;
  /** What a client was made with in place of these. */
  backend?: { v3Host?: string | null | undefined; gatewayHost?: string | null | undefined } | undefined;
};

const digestBytes = 8;

/** The addresses that stand for a network of XMTP's own, whichever SDK writes them. */
const knownAddresses: readonly (readonly [address: RegExp, env: string])[] = [
  [/^http:\/\/localhost:(5555|5556|5557)$/, "local"],
  [/^https:\/\/(grpc|api)\.dev\.xmtp\.network(:\d+)?$/, "dev"],
  [/^https:\/\/(grpc|api)\.production\.xmtp\.network(:\d+)?$/, "production"],
];

/**
 * Names the network of a client: its `env`, and a digest of its address where an app set one of its own.
 *
 * The same inbox id exists on every network, so only this name tells their archives apart. A gateway in front of a network of XMTP's
 * own leads to that same network and does not count. Undefined where the client tells neither `env` nor an address.
 *
 * @example
 * ```ts
 * import { networkName } from "@xmtp-backup/core";
 *
 * console.log(await networkName({ env: "production" })); // "production"
 * ```
 */
export async function networkName({ env, apiUrl, gatewayHost, backend }: NetworkAddress): Promise<string | undefined> {
  const gateway = gatewayHost ?? backend?.gatewayHost;
  const address = plain(apiUrl ?? backend?.v3Host ?? (env === "local" ? gateway : undefined));
  if (address === undefined) return env;
  const known = knownAddresses.find(([pattern]) => pattern.test(address));
  if (known) return known[1];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`xmtp-backup/network\n${address}`));
  const hex = Array.from(new Uint8Array(digest, 0, digestBytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${env ?? "custom"}:${hex}`;
}

/**
 * Whether two names mean one network; a name that nobody knows passes, since archives of earlier versions have none.
 *
 * Of two with an address of their own the address alone decides: docs/sdk-facts.md#api-url-decides.
 */
export function isSameNetwork(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return true;
  const [a, b] = [digestOf(one), digestOf(other)];
  return a !== undefined && a === b;
}

function digestOf(name: string): string | undefined {
  return /:([0-9a-f]{16})$/.exec(name)?.[1];
}

/** One spelling for one address: without user, path's end, case and default port. */
function plain(address: string | null | undefined): string | undefined {
  const text = address?.trim().toLowerCase().replace(/\/+$/, "");
  if (!text) return undefined;
  return text
    .replace(/^([a-z]+:\/\/)[^/@]*@/, "$1")
    .replace(/^(https:\/\/[^/]+):443(?=\/|$)/, "$1")
    .replace(/^(http:\/\/[^/]+):80(?=\/|$)/, "$1");
}
