// Run with --expose-gc: does one piece of work and prints how much memory it took beyond what was there before.
import { openAsBlob } from "node:fs";
import { mergeArchives, splitArchive, validateArchive } from "@xmtp-backup/archive";
import { nodePrimitives } from "../../packages/node/src/host/nodePrimitives.ts";
import { benchKey } from "./benchKey.ts";

export type MemoryWork = "validate" | "merge" | "split";
export type MemoryUse = { extraMB: number; seconds: number; messages: number };

const [work, ...paths] = process.argv.slice(2) as [MemoryWork, ...string[]];
const primitives = nodePrimitives;

const works: Record<MemoryWork, (blobs: Blob[]) => Promise<number>> = {
  async validate([blob]) {
    return (await validateArchive(blob as Blob, benchKey, { primitives })).counts.messages;
  },
  async merge(blobs) {
    const inputs = blobs.map((blob) => ({ blob, key: benchKey }));
    const { stream, report } = await mergeArchives(inputs, benchKey, { primitives });
    for await (const _ of stream);
    return report.messages;
  },
  async split([blob]) {
    const { chunks } = await splitArchive(blob as Blob, benchKey, { chunkKey: benchKey, primitives });
    let messages = 0;
    for await (const chunk of chunks) {
      messages += chunk.messages;
      chunk.release();
    }
    return messages;
  },
};

const blobs = await Promise.all(paths.map((path) => openAsBlob(path)));
globalThis.gc?.();
const beforeBytes = process.memoryUsage.rss();
const highestBefore = process.resourceUsage().maxRSS;
let peakBytes = beforeBytes;
const sample = () => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
};
const sampling = setInterval(sample, 5);
const startMs = performance.now();
const messages = await works[work](blobs);
const seconds = (performance.now() - startMs) / 1000;
clearInterval(sampling);
sample();
// What the system saw is exact, once it is above what the start of the process had taken.
const highest = process.resourceUsage().maxRSS;
if (highest > highestBefore) peakBytes = highest * 1024;
const use: MemoryUse = { extraMB: (peakBytes - beforeBytes) / 1e6, seconds, messages };
process.stdout.write(`${JSON.stringify(use)}\n`);
