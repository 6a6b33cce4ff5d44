import { Decompress } from "fzstd";
import { FrameDecoder } from "../../packages/archive/src/zstd/frameDecoder.ts";
import type { Way } from "./way.ts";

const chunkBytes = 262_144;

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
}

/** What every engine can take a zstd frame apart with, chunk by chunk. */
export async function unpackWays(frame: Uint8Array): Promise<Way[]> {
  const rare = await import("../../packages/archive/src/zstd/rare.ts");
  return [
    {
      name: "own decoder",
      async work() {
        const decoder = new FrameDecoder(0);
        decoder.rare = rare;
        for (const chunk of chunksOf(frame)) for (const _ of decoder.push(chunk));
        decoder.end();
      },
    },
    {
      name: "fzstd",
      async work() {
        const decoder = new Decompress();
        decoder.ondata = () => {};
        for (const chunk of chunksOf(frame)) decoder.push(chunk);
        decoder.push(new Uint8Array(), true);
      },
    },
    ...platformWays(frame),
  ];
}

/** The platform's own decoder, in engines that have it. */
function platformWays(frame: Uint8Array): Way[] {
  // Types know only the formats that every engine has.
  const Decompression = DecompressionStream as unknown as new (format: string) => ReadableWritablePair<Uint8Array, Uint8Array>;
  try {
    new Decompression("zstd");
  } catch {
    return [];
  }
  return [
    {
      name: "DecompressionStream",
      async work() {
        const stream = new Blob([frame as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new Decompression("zstd"));
        for await (const _ of stream);
      },
    },
  ];
}
