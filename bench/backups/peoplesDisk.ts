import { comparedRound } from "../loaded/backupRounds.ts";
import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import type { BenchContext } from "../shared/context.ts";
import { once } from "../shared/figure.ts";
import { ratios, secondsText } from "../shared/ratios.ts";
import { beside, type Result } from "../shared/result.ts";

/** The same on an encrypted database on the disk, without a target: the disk decides much of it. */
export async function* peoplesDisk({ world, note, scaled }: BenchContext): AsyncGenerator<Result> {
  const shape: Shape = { messages: scaled(50_000), conversations: fewConversations, asPeopleHaveIt: true };
  const { value: person } = await (await world()).person(shape);
  const { first, second, raw, floor } = await comparedRound(person, 0);
  note(`  backup of ${nameOf(shape)}: ${secondsText({ first, second, raw, floor })}`);
  const [ratio = Number.NaN] = ratios([{ first, raw }], "first", "raw");
  yield beside(`first whole backup of ${nameOf(shape)} ÷ raw createArchive`, once(ratio), "×");
}
