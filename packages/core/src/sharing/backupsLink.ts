/**
 * A channel between those that share backups, such as a `BroadcastChannel`. Everybody else hears a posted message, in the order of
 * posting, as a structured clone. It is no matter whether the one who posts hears it too.
 */
export type BackupsLink = {
  post(message: unknown): void;
  /** Calls `listener` with every message, until the returned function is called. */
  listen(listener: (message: unknown) => void): () => void;
};
