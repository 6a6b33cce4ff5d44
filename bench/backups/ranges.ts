import { allElements } from "@xmtp-backup/core";
import { newMessages } from "../loaded/backupRounds.ts";
import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import { exportRaw } from "../sdkPart/exportRaw.ts";
import type { BenchContext } from "../shared/context.ts";
import { medianOf } from "../shared/figure.ts";
import { ratios, secondsText } from "../shared/ratios.ts";
import { atMost, type Result } from "../shared/result.ts";
import { takeTurns } from "../shared/takeTurns.ts";
import { timed } from "../shared/timed.ts";

const rounds = 5;

/** A backup of what is new alone, beside the SDK's export of the same time. */
export async function* ranges({ world, note, scaled }: BenchContext): AsyncGenerator<Result> {
  const shape: Shape = { messages: scaled(50_000), conversations: fewConversations };
  const { value: person } = await (await world()).person(shape);
  const opened = await person.openLoaded();
  try {
    await opened.restore(await person.newer(newMessages));
    const range = { startNs: person.lastNs };
    const backUp = async () => {
      const { details } = await opened.backUp(range);
      if (details?.counts.messages !== newMessages) throw new Error(`${details?.counts.messages} of ${newMessages} messages.`);
    };
    const rawExport = () => exportRaw(opened, "range", { ...range, elements: allElements });
    const played = await takeTurns(rounds, { ours: () => timed(backUp), raw: () => timed(rawExport) }, (round) =>
      note(`  backup of what is new: ${secondsText(round)}`),
    );
    const name = `backup({ startNs }) of ${newMessages} on ${nameOf(shape)} ÷ raw export of the same range`;
    yield atMost(name, medianOf(ratios(played, "ours", "raw")), 2, "×");
  } finally {
    await opened.dispose();
  }
}
