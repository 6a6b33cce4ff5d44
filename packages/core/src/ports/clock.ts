/** Time as the plugin sees it, so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Milliseconds since any moment, which only grow, whoever sets the clock: they tell whether the time really passed.
   *
   * @default not known: a long gap between two backups is proven by messages only
   */
  monotonic?(): number;
  /** The user's IANA time zone, for example `Europe/Lisbon`; it may change while the app runs. */
  timeZone(): string;
  /** Calls `callback` after `delayMs`, at most 2^31 − 1; the result goes to `clearTimeout`. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(id: unknown): void;
}
