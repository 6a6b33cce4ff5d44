/** As much of a text as helps to understand an error; what is longer is data that got into it. */
const maxLength = 2_000;

/** A property, whatever its getter or the object does. */
export function readSafely(object: object, name: string): unknown {
  try {
    return (object as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A property that is a text, cut to a bearable length; `otherwise` where it is none. */
export function textIn(object: object, name: string, otherwise = ""): string {
  const text = readSafely(object, name);
  return typeof text === "string" ? text.slice(0, maxLength) : otherwise;
}

/** Whether a value is an error, of this realm or another; no proxy can make this throw. */
export function isErrorLike(value: unknown): value is object {
  try {
    return value instanceof Error || (typeof value === "object" && value !== null && typeof readSafely(value, "message") === "string");
  } catch {
    return false;
  }
}

/**
 * What is not an error, as the cause of one: a text, a number, or the name of what it is. What is in an object stays behind: it
 * may not be possible to clone it, and it may hold what was sent, credentials included.
 */
export function describeCause(value: unknown): string | number | boolean | bigint | null | undefined {
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return value;
  if (typeof value === "string") return value.slice(0, maxLength);
  if (typeof value === "symbol") return value.toString().slice(0, maxLength);
  if (typeof value === "function") return "[function]";
  const maker: unknown = readSafely(value, "constructor");
  return `[${typeof maker === "function" ? textIn(maker, "name", "object") : "object"}]`;
}
