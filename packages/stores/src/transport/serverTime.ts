/** What time it is by the server's clock, in milliseconds since 1970; undefined where it does not say, or a page may not see it. */
export function serverTimeMs(headers: Headers): number | undefined {
  return timeMs(headers.get("date") ?? "");
}

/** A time in words, in milliseconds since 1970; undefined for anything else. */
export function timeMs(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
