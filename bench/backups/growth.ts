import { inEmptyClient } from "../loaded/inEmptyClient.ts";
import { fewConversations, type Shape } from "../loaded/shape.ts";
import type { BenchContext } from "../shared/context.ts";
import { medianOf } from "../shared/figure.ts";
import { secondsText } from "../shared/ratios.ts";
import { atMost, type Result } from "../shared/result.ts";
import { takeTurns } from "../shared/takeTurns.ts";

const target = 1.1;

export const growthShapes = ({ scaled }: BenchContext): Record<"small" | "large" | "huge", Shape> => {
  const shape = (messages: number): Shape => ({ messages: scaled(messages), conversations: fewConversations });
  return { small: shape(25_000), large: shape(100_000), huge: shape(300_000) };
};

export function growthOf(from: Shape, to: Shape, values: readonly number[]): Result {
  const counts = [from, to].map(({ messages }) => messages.toLocaleString("en"));
  return atMost(`growth of a restore per message, from ${counts.join(" to ")} messages`, medianOf(values), target, "×");
}

/** Whether a restore of more messages takes longer for each. */
export async function* growth(context: BenchContext): AsyncGenerator<Result> {
  const { small, large } = growthShapes(context);
  const [few, many] = [await (await context.world()).person(small), await (await context.world()).person(large)];
  const restore =
    ({ value: person }: typeof few) =>
    () =>
      inEmptyClient(person, (opened) => opened.restore(person.archive));
  const rounds = await takeTurns(3, { small: restore(few), large: restore(many) }, (round) =>
    context.note(`  restore of ${small.messages.toLocaleString("en")} and ${large.messages.toLocaleString("en")}: ${secondsText(round)}`),
  );
  const perMessage = rounds.map((round) => round.large.seconds / large.messages / (round.small.seconds / small.messages));
  yield growthOf(small, large, perMessage);
}
