/**
 * A name that other people chose, made fit for a sentence. It is in one line, and without the marks that turn the direction of what
 * follows. Absent when nothing is left of it. Show the sentence as text, never as HTML.
 */
export function plainName(name: string | undefined): string | undefined {
  return name?.replaceAll(/[\s\u202a-\u202e\u2066-\u2069]+/g, " ").trim() || undefined;
}
