import { growthOf, growthShapes } from "../backups/growth.ts";
import { sendsName, sendTarget } from "../backups/sends.ts";
import { nameOf } from "../loaded/shape.ts";
import { firstBackup, sendRound, sendsText, slower } from "../loaded/sendRound.ts";
import type { BenchContext } from "../shared/context.ts";
import { once } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { hugeRound, hugeShape } from "./hugeRound.ts";

/** A client with 300,000 messages. A round takes minutes, and there is one. */
export async function* run(context: BenchContext): AsyncGenerator<Result> {
  const world = await context.world();
  const { large } = growthShapes(context);
  const huge = hugeShape(context);
  const { value: smaller } = await world.person(large);
  const { value: person } = await world.person(huge);
  const perMessage = [smaller, person].map(({ loading, shape }) => loading.seconds / shape.messages) as [number, number];
  context.note(
    `  restore of ${large.messages.toLocaleString("en")} and ${nameOf(huge)}: ${[smaller, person].map(({ loading }) => `${loading.seconds.toFixed(1)} s`).join(", ")}`,
  );
  yield growthOf(large, huge, [perMessage[1] / perMessage[0]]);

  const { value: round, machine } = await hugeRound(context);
  const { first, firstExportsSeconds, second } = round;
  yield { ...atMost(`second whole backup of ${nameOf(huge)} ÷ the first`, once(second.seconds / first.seconds), 0.03, "×"), machine };
  yield {
    ...beside(`first whole backup of ${nameOf(huge)} ÷ the SDK's exports in it`, once(first.seconds / firstExportsSeconds), "×"),
    machine,
  };
  yield { ...beside(`first whole backup of ${nameOf(huge)}`, once(first.seconds), "s"), machine };

  const low = await sendRound(person, firstBackup("low"));
  context.note(`  sends: ${sendsText(low)} with a backup at low priority`);
  yield atMost(sendsName("a first backup at low priority", huge), once(slower(low)), sendTarget, "×");
  const normal = await sendRound(person, firstBackup("normal"));
  context.note(`  sends: ${sendsText(normal)} with a backup at normal priority`);
  yield beside(sendsName("a first backup at normal priority", huge), once(slower(normal)), "×");
}
