import type { ArchiveDetails } from "../../archives/archiveEntry.ts";
import type { RetentionReason } from "./retentionReason.ts";

const pinned: RetentionReason = Object.freeze({ reason: "pinned" });
const named: RetentionReason = Object.freeze({ reason: "named" });

/** Why an archive stays whatever the rules say: the user pinned it, or gave it a name. */
export function pinnedOrNamed(details: ArchiveDetails): RetentionReason | undefined {
  if (details.pinned) return pinned;
  return details.name ? named : undefined;
}
