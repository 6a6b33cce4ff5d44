import type { CallOptions } from "@xmtp-backup/core";

/**
 * The headers by which a server knows who asks. With `refresh`, those given last were refused: make new ones.
 *
 * A value that can't be sent as a header ends in `STORE_UNAUTHENTICATED`. A callback that throws is tried again, like a connection that
 * failed; one that throws a `BackupError` decides by its code. Its text is in no error of the store.
 */
export type Credentials = (options: CallOptions & { refresh: boolean }) => Record<string, string> | Promise<Record<string, string>>;

/** What an app can set for every remote store's way to the server. */
export type RemoteOptions = {
  /** Asked before every request; a refusal asks once more, with `refresh`. @default no headers */
  credentials?: Credentials;
  /** How long the server may say nothing, in milliseconds, before the connection is given up. @default 60_000 */
  timeoutMs?: number;
  /** How often what can pass (no connection, a server that is busy or failing) is tried again without any progress. @default 5 */
  retries?: number;
  /** The pause before the first retry, in milliseconds; each further one is twice as long, up to half a minute. @default 1_000 */
  retryDelayMs?: number;
  /**
   * Lets the url be `http:` on a network of your own: whoever is on the way then reads the credentials, and can change what is sent.
   * The machine itself (`localhost`, `127.0.0.1`, `[::1]`) needs no such word.
   *
   * @default false
   */
  allowInsecure?: boolean;
  /** What requests are made with. @default the engine's own */
  fetch?: typeof globalThis.fetch;
};

export const remoteDefaults = {
  credentials: () => ({}),
  timeoutMs: 60_000,
  retries: 5,
  retryDelayMs: 1_000,
  allowInsecure: false,
  fetch: (input, init) => globalThis.fetch(input, init),
} satisfies Required<RemoteOptions>;

/** The same for code without types, but for the credentials, which each store has its own of; `checkRemoteOptions` looks at the rest. */
export const remoteShape = { timeoutMs: "any?", retries: "any?", retryDelayMs: "any?", allowInsecure: "boolean?", fetch: "any?" } as const;
