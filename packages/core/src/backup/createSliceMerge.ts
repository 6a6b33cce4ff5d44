import { type ArchiveMergeAddOptions, type ArchiveMerging, createArchiveMerge } from "@xmtp-backup/archive";
import type { Host, TemporaryArchive } from "../ports/host.ts";

/** What a sound slice holds. */
export type CheckedSlice = { messages: number; unsent: number; sha256?: string | undefined };

/** The merge of a backup, planned while its slices are exported: each slice is read once for its check and for the plan. */
export type SliceMerge = {
  /**
   * Checks a slice and takes it into the merge; returns what it holds. A slice that fails is no part of the merge.
   */
  addSlice(slice: TemporaryArchive, options: ArchiveMergeAddOptions): Promise<CheckedSlice>;
  /** Whether a slice is part of the merge. */
  has(slice: TemporaryArchive): boolean;
} & Pick<ArchiveMerging, "add" | "finish">;

export function createSliceMerge({ primitives }: Pick<Host, "primitives">, sliceKey: Uint8Array): SliceMerge {
  const { add, finish } = createArchiveMerge({
    primitives,
    leaveOutDeleted: true,
    // An archive lacks them and says so, rather than be one that another SDK refuses as a whole.
    leaveOutRefused: true,
  });
  const added = new Set<TemporaryArchive>();
  return {
    async addSlice(slice, options) {
      const { counts, sha256 } = await add({ blob: slice.blob, key: sliceKey }, options);
      added.add(slice);
      return { messages: counts.messages, unsent: counts.unsent, sha256 };
    },
    has: (slice) => added.has(slice),
    add,
    finish,
  };
}
