import { BackupError } from "@xmtp-backup/core";

/** What this store says of credentials that can't be sent: its words are its own. */
export class RefusedCredentials extends BackupError {
  constructor(details: string) {
    super("STORE_UNAUTHENTICATED", "The credentials can't be sent.", { details });
  }
}

const name = /^[!#$%&'*+\-.^_`|~\w]+$/;
const value = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The headers that a credentials callback gave, once they can be sent. Engines name what they refuse in their own errors: it must not come so far.
 *
 * @throws STORE_UNAUTHENTICATED when they are no headers; the text holds neither names nor values
 */
export function credentialHeaders(given: unknown): Record<string, string> {
  if (!isRecord(given)) throw new RefusedCredentials("The credentials callback gave no object of headers.");
  const headers = Object.entries(given);
  if (!headers.every(([each]) => name.test(each)))
    throw new RefusedCredentials("The credentials callback gave a header whose name holds characters that none may have.");
  for (const [, each] of headers) {
    if (typeof each !== "string") throw new RefusedCredentials("The credentials callback gave a header whose value is no text.");
    if (/[\r\n\0]/.test(each)) throw new RefusedCredentials("The credentials callback gave a header whose value has a line break in it.");
    if (!value.test(each))
      throw new RefusedCredentials("The credentials callback gave a header whose value holds characters that none may have.");
  }
  return given as Record<string, string>;
}

/** @throws STORE_UNAUTHENTICATED when it is no token; the text does not hold it */
export function bearerToken(token: unknown): string {
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))
    throw new RefusedCredentials("The token callback gave no text of letters, digits and signs without spaces.");
  return token;
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return Object.prototype.toString.call(given) === "[object Object]";
}
