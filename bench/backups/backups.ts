import { comparedRound, type ComparedRound } from "../loaded/backupRounds.ts";
import { inEmptyClient } from "../loaded/inEmptyClient.ts";
import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import type { Shared } from "../loaded/openWorld.ts";
import type { BenchContext } from "../shared/context.ts";
import { medianOf } from "../shared/figure.ts";
import { ratios, secondsText } from "../shared/ratios.ts";
import { atMost, beside, type Result } from "../shared/result.ts";

const rounds = 3;

/** The first whole backup, and the second after 500 messages came. */
export async function* backups(context: BenchContext): AsyncGenerator<Result> {
  const few: Shape = { messages: context.scaled(50_000), conversations: fewConversations };
  const { value: ofFew } = await comparedRounds(context, few);
  yield atMost(`first whole backup of ${nameOf(few)} ÷ raw createArchive`, medianOf(ratios(ofFew, "first", "raw")), 0.5, "×");
  yield beside(`first whole backup of ${nameOf(few)} ÷ the SDK's same exports`, medianOf(ratios(ofFew, "first", "floor")), "×");
  yield atMost(`second whole backup of ${nameOf(few)} ÷ the first`, medianOf(ratios(ofFew, "second", "first")), 0.15, "×");

  const many = manyConversations(context);
  const { value: ofMany, machine } = await comparedRounds(context, many);
  yield {
    ...beside(`first whole backup of ${nameOf(many)} ÷ the SDK's same exports`, medianOf(ratios(ofMany, "first", "floor")), "×"),
    machine,
  };
  yield {
    ...atMost(`second whole backup of ${nameOf(many)} ÷ the first`, medianOf(ratios(ofMany, "second", "first")), 0.25, "×"),
    machine,
  };
}

export const manyConversations = ({ scaled }: BenchContext): Shape => ({ messages: scaled(50_000), conversations: scaled(5_000) });

export async function comparedRounds({ world, note }: BenchContext, shape: Shape): Promise<Shared<ComparedRound[]>> {
  const { once, person } = await world();
  return once(`backups of ${nameOf(shape)}`, async () => {
    const { value } = await person(shape);
    // The code of a backup is loaded by now. From source that takes longer than in an app, which runs built files.
    await inEmptyClient(value, ({ backUp }) => backUp());
    const all: ComparedRound[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const compared = await comparedRound(value, round);
      const { first, second, raw, floor, isUpdated } = compared;
      note(`  backup of ${nameOf(shape)}: ${secondsText({ first, second, raw, floor })}${isUpdated ? "" : ", everything exported twice"}`);
      all.push(compared);
    }
    return all;
  });
}
