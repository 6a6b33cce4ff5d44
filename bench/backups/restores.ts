import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { inEmptyClient } from "../loaded/inEmptyClient.ts";
import type { LoadedPerson } from "../loaded/loadPerson.ts";
import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import { type RecordedImports, recordImports, replayImports } from "../sdkPart/recordImports.ts";
import type { BenchContext } from "../shared/context.ts";
import { medianOf } from "../shared/figure.ts";
import { ratios, secondsText } from "../shared/ratios.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { takeTurns } from "../shared/takeTurns.ts";
import type { Run } from "../shared/timed.ts";

type RestoreRound = Record<"ours" | "floor" | "raw", Run>;

/** A restore of an archive that the SDK wrote. */
export async function* restores(context: BenchContext): AsyncGenerator<Result> {
  const many: Shape = { messages: context.scaled(50_000), conversations: fewConversations };
  const few: Shape = { messages: context.scaled(5_000), conversations: fewConversations };
  const ofMany = await restoreRounds(context, many, 5);
  yield atMost(`restore of ${nameOf(many)} ÷ the SDK's import of the same chunks`, medianOf(ratios(ofMany, "ours", "floor")), 1.08, "×");
  yield beside(`restore of ${nameOf(many)} ÷ raw importArchive`, medianOf(ratios(ofMany, "ours", "raw")), "×");
  const ofFew = await restoreRounds(context, few, 7);
  yield atMost(`restore of ${nameOf(few)} ÷ raw importArchive`, medianOf(ratios(ofFew, "ours", "raw")), 1, "×");
  yield beside(`restore of ${nameOf(few)} ÷ the SDK's import of the same chunks`, medianOf(ratios(ofFew, "ours", "floor")), "×");
}

async function restoreRounds({ world, note }: BenchContext, shape: Shape, rounds: number): Promise<RestoreRound[]> {
  const { value: person } = await (await world()).person(shape);
  const writer = await person.openLoaded();
  try {
    const path = join(writer.folder, "written-by-the-sdk.xmtp");
    await writer.client.createArchive(path, writer.key);
    const archive = await openAsBlob(path);
    const chunks = await chunksOf(person, archive, writer.folder);
    return await takeTurns(
      rounds,
      {
        ours: () => inEmptyClient(person, (opened) => opened.restore(archive)),
        floor: () => inEmptyClient(person, (opened) => replayImports(opened, chunks)),
        raw: () => inEmptyClient(person, ({ client, key }) => client.importArchive(path, key)),
      },
      (round) => note(`  restore of ${nameOf(shape)}: ${secondsText(round)}`),
    );
  } finally {
    await writer.dispose();
  }
}

/** A restore whose chunks are kept, and that nobody times. */
async function chunksOf(person: LoadedPerson, archive: Blob, folder: string): Promise<RecordedImports> {
  const { around, recorded } = recordImports(join(folder, "chunks"));
  await inEmptyClient(person, (opened) => opened.restore(archive), around);
  return recorded;
}
