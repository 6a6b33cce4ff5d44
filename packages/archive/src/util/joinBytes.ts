/** One array of several; each can be let go as soon as it was copied, so that there are never two of everything. */
export const joinBytes = (parts: readonly Uint8Array[], letGo?: (part: Uint8Array) => void): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
    letGo?.(part);
  }
  return joined;
};
