import type { ArchiveDetails } from "../model/archiveEntry.ts";

/** How many conversations a sentence names. */
const mostNamed = 3;

/** What an incomplete archive lacks, in a few sentences. */
export function describeLacks({ missingMessages = 0, lacks }: Pick<ArchiveDetails, "missingMessages" | "lacks">): string {
  const { conversations = [], ranges = [], consent = false } = lacks ?? {};
  const broken = conversations.filter(({ isBroken }) => isBroken);
  const named = broken.flatMap(({ id }) => (id === undefined ? [] : [id])).slice(0, mostNamed);
  const names = named.length === 0 ? "" : ` (${[...named, ...(broken.length > named.length ? ["…"] : [])].join(", ")})`;
  return [
    missingMessages > 0 ? `The newest archive lacks ${counted(missingMessages, "message")}.` : "The newest archive is incomplete.",
    broken.length > 0 && `The client can't read ${counted(broken.length, "conversation")}${names}.`,
    ranges.length > 0 && `The messages of ${counted(ranges.length, "time range")} could not be exported.`,
    consent && "The consent records could not be exported.",
  ]
    .filter(Boolean)
    .join(" ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
