import type { CallOptions } from "@xmtp-backup/core";

/** The headers by which a server knows who asks. With `refresh`, those given last were refused: make new ones. */
export type Credentials = (options: CallOptions & { refresh: boolean }) => Record<string, string> | Promise<Record<string, string>>;

/** What every remote store can be told of its way to the server. */
export type RemoteOptions = {
  /** Asked before every request; a refusal asks once more, with `refresh`. @default no headers */
  credentials?: Credentials;
  /** How long the server may say nothing, in milliseconds, before the connection is given up. @default 60_000 */
  timeoutMs?: number;
  /** How often what can pass (no connection, a server that is busy or failing) is tried again without any progress. @default 5 */
  retries?: number;
  /** The pause before the first retry, in milliseconds; each further one is twice as long, up to half a minute. @default 1_000 */
  retryDelayMs?: number;
  /** What requests are made with. @default the engine's own */
  fetch?: typeof globalThis.fetch;
};

export const remoteDefaults = {
  credentials: () => ({}),
  timeoutMs: 60_000,
  retries: 5,
  retryDelayMs: 1_000,
  fetch: (input, init) => globalThis.fetch(input, init),
} satisfies Required<RemoteOptions>;
