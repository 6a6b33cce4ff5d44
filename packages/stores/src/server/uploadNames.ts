/** What is still being written. */
export const partialEnding = ".part";
/** What is noted of an upload, beside it. */
export const noteEnding = `${partialEnding}.json`;

/** The file of an upload; other bytes of the same archive have another fingerprint, and so another file. */
export function uploadName(id: string, fingerprint: string): string {
  return `${id}.${fingerprint}${partialEnding}`;
}

/** The file of what is noted of an upload. */
export function noteName(upload: string): string {
  return `${upload}.json`;
}
