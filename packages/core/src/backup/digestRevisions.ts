import { toBase64 } from "../archives/base64.ts";

/**
 * A digest of some conversations' own data: another one where somebody changed one of them.
 *
 * @param inactiveIds - those that can't be written here
 */
export async function digestRevisions(
  ids: readonly string[],
  revisions: ReadonlyMap<string, number>,
  inactiveIds: ReadonlySet<string>,
): Promise<string> {
  const lines = ids.map((id) => `${id} ${revisions.get(id) ?? ""} ${inactiveIds.has(id)}`).sort();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
  return toBase64(new Uint8Array(digest));
}
