/** Time as the plugin sees it, so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** The user's IANA time zone, for example `Europe/Lisbon`; it may change while the app runs. */
  timeZone(): string;
  /** Calls `callback` after `delayMs`, at most 2^31 − 1; the result goes to `clearTimeout`. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(id: unknown): void;
}
