import { comparedRounds, manyConversations } from "../backups/backups.ts";
import { hugeRound, hugeShape } from "../large/hugeRound.ts";
import { inEmptyClient } from "../loaded/inEmptyClient.ts";
import { nameOf, type Shape } from "../loaded/shape.ts";
import type { BenchContext } from "../shared/context.ts";
import { type Figure, highestOf } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { type Run, timed } from "../shared/timed.ts";
import type { LoadedPerson } from "../loaded/loadPerson.ts";
import { idleRuns } from "./idle.ts";

const target = 50;
const restores = 3;

/** For how long the event loop answers nobody while the plugin works, at worst. Other benches of a run share what was measured. */
export async function* run(context: BenchContext): AsyncGenerator<Result> {
  yield beside("longest pause of the event loop: nothing runs", longestOf(await idleRuns(3)), "ms");
  const world = await context.world();
  const many = manyConversations(context);
  const { value: rounds, machine } = await comparedRounds(context, many);
  const cases = [
    [pauseOf, "first whole backup", "first"],
    [pauseOf, "second whole backup", "second"],
    [sdkPause, "export alone", "floor"],
  ] as const;
  for (const [caseOf, what, part] of cases) {
    const runs = rounds.map((round) => round[part]);
    yield { ...caseOf(what, many, runs), machine };
  }
  const { value: person } = await world.person(many);
  const runs: Run[] = [];
  for (let round = 0; round < restores; round += 1) runs.push(await inEmptyClient(person, (opened) => opened.restore(person.archive)));
  yield pauseOf("restore", many, runs);
  yield sdkPause("hmacKeys alone", many, await hmacKeysRuns(person));

  if (context.isQuick) return;
  const huge = hugeShape(context);
  const { value: hugePerson, machine: whileLoading } = await world.person(huge);
  yield { ...pauseOf("restore", huge, [hugePerson.loading]), machine: whileLoading };
  const backups = await hugeRound(context);
  for (const part of ["first", "second"] as const)
    yield { ...pauseOf(`${part} whole backup`, huge, [backups.value[part]]), machine: backups.machine };
}

/** The call of a backup that the SDK makes in one piece, in clients that were just opened. */
async function hmacKeysRuns(person: LoadedPerson): Promise<Run[]> {
  const runs: Run[] = [];
  for (let round = 0; round < restores; round += 1) {
    const opened = await person.openLoaded();
    try {
      runs.push(await timed(async () => opened.client.conversations.hmacKeys()));
    } finally {
      await opened.dispose();
    }
  }
  return runs;
}

function longestOf(runs: readonly Run[]): Figure {
  return highestOf(runs.map(({ pauseMs }) => pauseMs));
}

function pauseOf(what: string, shape: Shape, runs: readonly Run[]): Result {
  return atMost(`longest pause of the event loop: ${what} of ${nameOf(shape)}`, longestOf(runs), target, "ms");
}

/** What the SDK alone does to the event loop. */
function sdkPause(what: string, shape: Shape, runs: readonly Run[]): Result {
  return beside(`longest pause of the event loop: the SDK's ${what} of ${nameOf(shape)}`, longestOf(runs), "ms");
}
