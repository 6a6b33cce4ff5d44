/**
 * The status that a refusal of WebDAV really means: 409 is a folder that is missing.
 * Source: RFC 4918, section 9.7.1.
 */
export function davStatus({ status }: Response): number {
  return status === 409 ? 410 : status;
}
