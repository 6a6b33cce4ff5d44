import { comparedRound } from "../loaded/backupRounds.ts";
import type { LoadedPerson } from "../loaded/loadPerson.ts";
import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import type { BenchContext } from "../shared/context.ts";
import { firstBackup, sendRound, sendsText, slower } from "../loaded/sendRound.ts";
import { type RecordedExports, replayExports } from "../sdkPart/recordExports.ts";
import { once } from "../shared/figure.ts";
import { ratios, secondsText } from "../shared/ratios.ts";
import { beside, type Result } from "../shared/result.ts";
import { timed } from "../shared/timed.ts";
import { sendsName } from "./sends.ts";

/** The same on an encrypted database on the disk, without a target: the disk decides much of it. */
export async function* peoplesDisk({ world, note, scaled }: BenchContext): AsyncGenerator<Result> {
  const shape: Shape = { messages: scaled(50_000), conversations: fewConversations, asPeopleHaveIt: true };
  const { value: person } = await (await world()).person(shape);
  const { first, second, raw, floor, exports } = await comparedRound(person, 0);
  note(`  backup of ${nameOf(shape)}: ${secondsText({ first, second, raw, floor })}`);
  const [ratio = Number.NaN] = ratios([{ first, raw }], "first", "raw");
  yield beside(`first whole backup of ${nameOf(shape)} ÷ raw createArchive`, once(ratio), "×");
  yield beside(`exports of ${nameOf(shape)}, two side by side ÷ one after the other`, once(await sideBySide(person, exports)), "×");
  const during = await sendRound(person, firstBackup("normal"));
  note(`  sends, encrypted, on disk: normal ${sendsText(during)}`);
  yield beside(sendsName("a first backup at normal priority", shape), once(slower(during)), "×");
}

async function sideBySide(person: LoadedPerson, exports: RecordedExports): Promise<number> {
  const opened = await person.openLoaded();
  try {
    const oneByOne = await timed(() => replayExports(opened, { ...exports, sideBySide: 1 }));
    const twoByTwo = await timed(() => replayExports(opened, { ...exports, sideBySide: 2 }));
    return twoByTwo.seconds / oneByOne.seconds;
  } finally {
    await opened.dispose();
  }
}
