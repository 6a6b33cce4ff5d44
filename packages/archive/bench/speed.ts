import { type ArchivePrimitives, mergeArchives, splitArchive, validateArchive } from "../src/index.ts";
import { nodePrimitives } from "../test-support/node-primitives.ts";
import { benchKey } from "./large-archive.ts";

/** Megabytes a second, the best of some runs: other work on the machine only ever slows one down. */
const bestOf = async (runs: number, bytes: number, work: () => Promise<unknown>): Promise<number> => {
  let best = 0;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    best = Math.max(best, bytes / 1000 / (performance.now() - start));
  }
  return best;
};

export type ArchiveSpeeds = { validateMBs: number; splitMBs: number; mergeMBs: number };

/** How fast an archive is validated, split and merged, with Node's cryptography or (undefined) the portable one. */
export const measureSpeeds = async (blob: Blob, primitives: ArchivePrimitives | undefined, runs = 3): Promise<ArchiveSpeeds> => ({
  validateMBs: await bestOf(runs, blob.size, () => validateArchive(blob, benchKey, { primitives })),
  splitMBs: await bestOf(runs, blob.size, async () => {
    const { chunks } = await splitArchive(blob, benchKey, { chunkKey: benchKey, primitives });
    for await (const _ of chunks);
  }),
  mergeMBs: await bestOf(runs, blob.size, async () => {
    const { stream } = await mergeArchives([{ blob, key: benchKey }], benchKey, { primitives });
    for await (const _ of stream);
  }),
});

export { nodePrimitives };
