import { contentLength } from "./contentLength.ts";

/** What an answer says of the size of what it sends. `isSure` is false where it may be the size of a packed copy. */
export type Announced = { totalBytes: number | undefined; isSure: boolean };

/** The size that the answer with a whole file announces. The engine unpacks what was packed, so that the length of such an answer says nothing. */
export function announcedSize(response: Response): Announced {
  if (isPacked(response.headers)) return { totalBytes: undefined, isSure: true };
  return { totalBytes: contentLength(response.headers), isSure: !mayHidePacking(response) };
}

/** The part of a file that an answer with a part holds: its first byte, and the size of the whole where that is said. Undefined for a part of a packed copy. */
export function announcedPart({ headers }: Response): { first: number; totalBytes: number | undefined } | undefined {
  const [, first, total] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  if (first === undefined || isPacked(headers)) return undefined;
  return { first: Number(first), totalBytes: total === "*" ? undefined : Number(total) };
}

/** The size that a server tells when it has nothing at a range. */
export function sizeBeyondRange({ headers }: Response): number | undefined {
  const [, total] = /^bytes \*\/(\d{1,15})$/.exec(headers.get("content-range") ?? "") ?? [];
  return total === undefined ? undefined : Number(total);
}

function isPacked(headers: Headers): boolean {
  return !/^\s*(identity)?\s*$/i.test(headers.get("content-encoding") ?? "");
}

/** A page sees the length of another origin's answer, and mostly not whether it was packed. */
function mayHidePacking({ type }: Response): boolean {
  return type === "cors" && !("process" in globalThis);
}
