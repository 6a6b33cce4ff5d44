/** What keeps an access key of a bucket from being used; undefined where nothing does. The text holds nothing of the key. */
export function flawOf(keys: unknown): string | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = typeof keys === "object" && keys !== null ? (keys as Record<string, unknown>) : {};
  if (!isText(accessKeyId, /^[\x21-\x7e]+$/)) return "accessKeyId is no text of letters, digits and signs.";
  if (!isText(secretAccessKey, /^\P{Cc}+$/u)) return "secretAccessKey is no text, or has a line break in it.";
  if (sessionToken !== undefined && !isText(sessionToken, /^[\x21-\x7e]+$/)) return "sessionToken is no text of letters, digits and signs.";
  return undefined;
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}
