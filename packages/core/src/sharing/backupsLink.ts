/**
 * What carries messages between those that share backups, such as a `BroadcastChannel`: everybody else hears what one posts, in
 * the order of posting, as the structured clone that each browser makes. It is no matter whether the one who posts hears it too.
 */
export type BackupsLink = {
  post(message: unknown): void;
  /** Calls `listener` with every message, until the returned function is called. */
  listen(listener: (message: unknown) => void): () => void;
};
