import { readIfThere } from "./files.ts";

/** What is noted of an upload: the size that it announced, in bytes. */
export type UploadNote = { size: number };

const maxNoteBytes = 64 * 1024;

export function noteBytes({ size }: UploadNote): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ size }));
}

/** The note at a path; undefined where there is none, and where it can't be read: such an upload begins again. */
export async function readNote(path: string): Promise<UploadNote | undefined> {
  try {
    const bytes = await readIfThere(path, maxNoteBytes);
    const note: unknown = bytes && JSON.parse(bytes.toString());
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isNote(value: unknown): value is UploadNote {
  return typeof value === "object" && value !== null && "size" in value && Number.isSafeInteger(value.size) && Number(value.size) >= 0;
}
