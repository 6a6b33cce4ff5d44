import { openWorld, type World } from "../loaded/openWorld.ts";
import type { BenchBasics } from "./benchBasics.ts";
import type { Result } from "./result.ts";

/** What a run gives each of its benches. */
export type BenchContext = BenchBasics & {
  /** The clients that the benches of a run share. */
  world(): Promise<World>;
};

export type Bench = (context: BenchContext) => AsyncIterable<Result>;

export type ContextOptions = Pick<BenchContext, "note" | "isQuick"> & { scale: number };

export function createContext({ note, isQuick, scale }: ContextOptions): BenchContext & { dispose(): Promise<void> } {
  let opened: Promise<World> | undefined;
  return {
    note,
    isQuick,
    scaled: (count) => Math.max(1, Math.round(count * scale)),
    world: () => (opened ??= openWorld(note)),
    dispose: async () => (await opened)?.dispose(),
  };
}
