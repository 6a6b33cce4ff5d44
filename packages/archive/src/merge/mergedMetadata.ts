import { compare } from "../util/compare.ts";
import type { ArchiveElement, ArchiveMetadata } from "../model/archiveRecord.ts";
import { elementNames } from "../protobuf/specs.ts";
import type { ArchiveMergeInput } from "./archiveMergeOptions.ts";

/** What orders the inputs of a merge. */
export type OrderedInput = {
  metadata: ArchiveMetadata;
  /** Version and nonce as hex: the random nonce settles what times do not, so that the order in which inputs are given never does. */
  header: string;
  blob: Blob;
  except?: ArchiveMergeInput["except"];
};

const least = -(2n ** 63n);

const byNonce = (a: OrderedInput, b: OrderedInput): number => compare(a.header, b.header) || compare(a.blob.size, b.blob.size);

/** The order in which inputs count. One of which parts are left out knows less than the others, whatever the clock said at its export. */
export const newestFirst = (a: OrderedInput, b: OrderedInput): number =>
  exceptionsOf(a) - exceptionsOf(b) || compare(b.metadata.exportedAtNs, a.metadata.exportedAtNs) || byNonce(a, b);

const exceptionsOf = ({ except }: OrderedInput): number => (except === undefined ? 0 : [except].flat().length);

/** The order in which inputs are written. */
export const oldestFirst = (a: OrderedInput, b: OrderedInput): number =>
  compare(a.metadata.startNs ?? least, b.metadata.startNs ?? least) ||
  compare(a.metadata.exportedAtNs, b.metadata.exportedAtNs) ||
  byNonce(a, b);

/** The metadata of the merged archive, of those of its inputs, newest first. */
export const mergedMetadata = (all: readonly ArchiveMetadata[]): ArchiveMetadata => {
  const newest = all[0] as ArchiveMetadata;
  const bound = (times: (bigint | undefined)[], sign: number) =>
    times.includes(undefined) ? undefined : (times as bigint[]).sort((a, b) => sign * compare(a, b))[0];
  const startNs = bound(
    all.map((metadata) => metadata.startNs),
    1,
  );
  const endNs = bound(
    all.map((metadata) => metadata.endNs),
    -1,
  );
  const elements = new Set<ArchiveElement>(all.flatMap((metadata) => metadata.elements));
  return {
    elements: [...elementNames.filter((name) => elements.delete(name)), ...Array.from(elements).sort()],
    exportedAtNs: newest.exportedAtNs,
    ...(startNs === undefined ? {} : { startNs }),
    ...(endNs === undefined ? {} : { endNs }),
    ...(newest.unknownFields === undefined ? {} : { unknownFields: newest.unknownFields }),
  };
};
