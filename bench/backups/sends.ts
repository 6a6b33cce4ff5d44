import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import { firstBackup, rawExport, sendRound, sendsText, slower } from "../loaded/sendRound.ts";
import type { BenchContext } from "../shared/context.ts";
import { medianOf } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { takeTurns } from "../shared/takeTurns.ts";

const rounds = 3;
const ways = ["low", "normal", "raw"] as const;
/** At low priority. At a normal one the backup is as fast as it can be, and nothing is promised. */
export const sendTarget = 1.2;

export function sendsName(during: string, shape: Shape): string {
  return `sends of the app during ${during} of ${nameOf(shape)} ÷ sends alone`;
}

/** The app's own messages while a first backup runs at each priority, beside those of a quiet client. */
export async function* sends({ world, note, scaled }: BenchContext): AsyncGenerator<Result> {
  const shape: Shape = { messages: scaled(50_000), conversations: fewConversations };
  const { value: person } = await (await world()).person(shape);
  const played = await takeTurns(
    rounds,
    {
      low: () => sendRound(person, firstBackup("low")),
      normal: () => sendRound(person, firstBackup("normal")),
      raw: () => sendRound(person, rawExport),
    },
    (times) => note(`  sends: ${ways.map((way) => `${way} ${sendsText(times[way])}`).join("; ")}`),
  );
  const slowerDuring = (way: (typeof ways)[number]) => medianOf(played.map((times) => slower(times[way])));
  yield atMost(sendsName("a first backup at low priority", shape), slowerDuring("low"), sendTarget, "×");
  yield beside(sendsName("a first backup at normal priority", shape), slowerDuring("normal"), "×");
  yield beside(sendsName("a raw createArchive", shape), slowerDuring("raw"), "×");
}
