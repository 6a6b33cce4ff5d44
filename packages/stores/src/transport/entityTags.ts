/**
 * Asks for a file's own bytes: a packed copy has another tag, another length and other ranges. Node's fetch accepts packed copies otherwise; with a
 * range, every engine asks for this itself. A page can't ask: browsers leave the header out.
 */
export const asStored: Readonly<Record<string, string>> = { "Accept-Encoding": "identity" };

/** What programs that compress append to a tag: Apache `-gzip` and `-br`, Jetty `--gzip`, LiteSpeed `;br`, some before the last quote and some after it. */
const codings = /(?:[-;:+._ ]{1,3}(?:gzip|gz|deflate|df|br|brotli|zstd|zst|compress))+$/i;

/**
 * What names a version of a file in an ETag, whoever passed the tag on: without the mark of a weak tag, the quotes, and the name of a coding.
 * Two tags with the same name are of the same version.
 */
export function versionOf(tag: string): string {
  const quoted = tag.trim().replace(/^W\//i, "").replace(codings, "");
  return quoted.replace(/^"(.*)"$/, "$1").replace(codings, "");
}

/** The tag that a server itself gives a version, as far as it can be seen in the one that came: strong, and without the name of a coding. */
export function ownTag(tag: string): string {
  return `"${versionOf(tag)}"`;
}

/** The tags that may meet a condition of this version, the likeliest first. */
export function conditionTags(tag: string | undefined): string[] {
  if (tag === undefined) return [];
  return [...new Set([ownTag(tag), tag.trim().replace(/^W\//i, "")])];
}
