import { generateArchiveKey } from "../archives/archiveKey.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { HostIdentity } from "../ports/host.ts";
import { createSliceMerge, type SliceMerge } from "./createSliceMerge.ts";
import { findLastWhole, type LastWhole } from "./findLastWhole.ts";
import type { ReusedArchive } from "./reusedArchive.ts";

/** The last whole archive, which is read for the merge while the client is asked and exports what came since. */
export type BegunReuse = {
  last: LastWhole;
  /** The key of the slices, made for them alone. */
  sliceKey: Uint8Array;
  /** The merge into which the archive is read, as if only what came since was new. */
  merge: SliceMerge;
  /** The archive as it is read. */
  reused: ReusedArchive;
  /** Whether its hash is the sealed one, and each of its records authentic. */
  isSound: Promise<boolean>;
  /** Stops the reading, and overwrites the keys; further calls do nothing. */
  end(): Promise<void>;
};

/** Begins to read the last whole archive; undefined where a backup can build on none. */
export async function beginReuse(dependencies: Dependencies, identity: HostIdentity, signal: AbortSignal): Promise<BegunReuse | undefined> {
  const last = await findLastWhole(dependencies, identity, { signal });
  if (!last) return undefined;
  const sliceKey = generateArchiveKey();
  const forgetKeys = () => {
    last.key.fill(0);
    sliceKey.fill(0);
  };
  try {
    return begin(dependencies, last, sliceKey, forgetKeys, signal);
  } catch (error) {
    forgetKeys();
    await last.release();
    throw error;
  }
}

function begin(
  { host, log }: Dependencies,
  last: LastWhole,
  sliceKey: Uint8Array,
  forgetKeys: () => void,
  signal: AbortSignal,
): BegunReuse {
  const { entry, blob, key, sha256, chain } = last;
  const merge = createSliceMerge(host, sliceKey);
  const except = { consent: true, sentIn: [{ startNs: entry.details.cutNs as bigint }] };
  const reused = { id: entry.id, blob, key, sha256, chain, except, isRead: true };
  const reading = new AbortController();
  const stop = () => reading.abort();
  signal.addEventListener("abort", stop, { once: true });
  const isSound = merge.add({ blob, key, except, expectedSha256: sha256 }, { signal: reading.signal }).then(
    () => true,
    () => {
      if (!reading.signal.aborted) log("info", { event: "archive.notReused", archiveId: entry.id });
      return false;
    },
  );
  return {
    last,
    sliceKey,
    merge,
    reused,
    isSound,
    async end() {
      stop();
      signal.removeEventListener("abort", stop);
      await isSound;
      forgetKeys();
      await last.release();
    },
  };
}
