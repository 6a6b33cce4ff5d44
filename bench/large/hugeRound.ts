import { growthShapes } from "../backups/growth.ts";
import { backupRound, type BackupRound } from "../loaded/backupRounds.ts";
import type { Shared } from "../loaded/openWorld.ts";
import { nameOf, type Shape } from "../loaded/shape.ts";
import type { BenchContext } from "../shared/context.ts";
import { secondsText } from "../shared/ratios.ts";

export const hugeShape = (context: BenchContext): Shape => growthShapes(context).huge;

/** The first and the second backup, once in a run. */
export async function hugeRound(context: BenchContext): Promise<Shared<BackupRound>> {
  const shape = hugeShape(context);
  const { once, person } = await context.world();
  return once(`backups of ${nameOf(shape)}`, async () => {
    const { value } = await person(shape);
    context.note(`backing up ${nameOf(shape)}, which takes minutes …`);
    const round = await backupRound(value);
    const { first, second } = round;
    context.note(
      `  backup of ${nameOf(shape)}: ${secondsText({ first, second })}, ${round.firstExportsSeconds.toFixed(1)} s of the first in exports${round.isUpdated ? "" : ", everything exported twice"}`,
    );
    return round;
  });
}
