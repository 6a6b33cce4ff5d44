// Run with --expose-gc: does one piece of work and prints how much memory it took beyond what was there before.
import { openAsBlob } from "node:fs";
import { mergeArchives, splitArchive, validateArchive } from "../src/index.ts";
import { nodePrimitives } from "../test-support/node-primitives.ts";
import { benchKey } from "./large-archive.ts";

export type MemoryWork = "validate" | "split" | "merge";
export type MemoryResult = { extraMB: number; seconds: number; records: number };

const [, , work, ...paths] = process.argv as [string, string, MemoryWork, ...string[]];
const primitives = nodePrimitives;

const works: Record<MemoryWork, (blobs: Blob[]) => Promise<number>> = {
  async validate([blob]) {
    return (await validateArchive(blob as Blob, benchKey, { primitives })).recordCount;
  },
  async split([blob]) {
    const { chunks } = await splitArchive(blob as Blob, benchKey, { chunkKey: benchKey, primitives });
    let messages = 0;
    for await (const chunk of chunks) messages += chunk.messages;
    return messages;
  },
  async merge(blobs) {
    const { stream, report } = await mergeArchives(blobs.map((blob) => ({ blob, key: benchKey })), benchKey, { primitives });
    for await (const _ of stream);
    return report.messages;
  },
};

const blobs = await Promise.all(paths.map((path) => openAsBlob(path)));
globalThis.gc?.();
const before = process.memoryUsage.rss();
let peak = before;
const sampling = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 10);
const start = performance.now();
const records = await works[work](blobs);
const seconds = (performance.now() - start) / 1000;
clearInterval(sampling);
peak = Math.max(peak, process.memoryUsage.rss());
const result: MemoryResult = { extraMB: (peak - before) / 2 ** 20, seconds, records };
console.log(JSON.stringify(result));
