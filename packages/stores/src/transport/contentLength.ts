/** How many bytes a response announces; undefined where it announces none, or no number. */
export function contentLength(headers: Headers): number | undefined {
  const [length] = /^\d{1,15}$/.exec(headers.get("content-length") ?? "") ?? [];
  return length === undefined ? undefined : Number(length);
}
