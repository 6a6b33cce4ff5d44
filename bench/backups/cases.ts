import type { BenchContext } from "../shared/context.ts";
import type { Result } from "../shared/result.ts";
import { backups } from "./backups.ts";
import { growth } from "./growth.ts";
import { peoplesDisk } from "./peoplesDisk.ts";
import { ranges } from "./ranges.ts";
import { restores } from "./restores.ts";
import { sends } from "./sends.ts";

/** Backups and restores of the real SDK, beside its own part of the same work and beside its raw calls. */
export async function* run(context: BenchContext): AsyncGenerator<Result> {
  yield* restores(context);
  yield* growth(context);
  yield* backups(context);
  yield* ranges(context);
  yield* sends(context);
  yield* peoplesDisk(context);
}
