/** Where and how a time is written. */
export type TimeStyle = {
  /** An IANA zone, such as `"Europe/Lisbon"`. */
  timeZone: string;
  /** A BCP 47 tag. */
  locale: string;
};

/** A day with its time, such as "Mar 3, 2026, 2:05 PM"; an engine without `Intl` writes the UTC day. */
export function formatTime(atMs: number, { timeZone, locale }: TimeStyle): string {
  return format(atMs, locale, { timeZone, dateStyle: "medium", timeStyle: "short" });
}

/** A day, such as "March 3, 2026"; an engine without `Intl` writes the UTC day. */
export function formatDay(atMs: number, { timeZone, locale }: TimeStyle): string {
  return format(atMs, locale, { timeZone, dateStyle: "long" });
}

function format(atMs: number, locale: string, style: Intl.DateTimeFormatOptions): string {
  if (typeof Intl === "undefined" || !Intl.DateTimeFormat) return new Date(atMs).toISOString().slice(0, 10);
  // Some engines put a narrow space before AM and PM, which some fonts lack.
  return new Intl.DateTimeFormat(locale, style).format(atMs).replaceAll("\u202f", " ");
}
