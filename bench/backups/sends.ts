import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import { firstBackup, rawExport, sendRound, sendsText, slower } from "../loaded/sendRound.ts";
import type { BenchContext } from "../shared/context.ts";
import { medianOf } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { takeTurns } from "../shared/takeTurns.ts";

const rounds = 3;
export const sendTarget = 1.2;

/** The app's own messages while a first backup runs, beside those of a quiet client. */
export async function* sends({ world, note, scaled }: BenchContext): AsyncGenerator<Result> {
  const shape: Shape = { messages: scaled(50_000), conversations: fewConversations };
  const { value: person } = await (await world()).person(shape);
  const played = await takeTurns(
    rounds,
    { backup: () => sendRound(person, firstBackup), raw: () => sendRound(person, rawExport) },
    ({ backup, raw }) => note(`  sends: ${sendsText(backup)} with a backup; ${sendsText(raw)} with a raw export`),
  );
  const name = (what: string) => `sends of the app during ${what} of ${nameOf(shape)} ÷ sends alone`;
  yield atMost(name("a first backup"), medianOf(played.map(({ backup }) => slower(backup))), sendTarget, "×");
  yield beside(name("a raw createArchive"), medianOf(played.map(({ raw }) => slower(raw))), "×");
}
