import { setTimeout as wait } from "node:timers/promises";
import type { Backups } from "@xmtp-backup/core";
import { firstValueFrom, map, take, toArray } from "rxjs";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "./support/until.ts";
import { startWorld, type World } from "./support/world.ts";

/** An app looks for new installations of the others at most every 5 s in a conversation. */
const lookEveryMs = 5_200;

describe("activation", () => {
  let world: World;
  let bob: Client;
  let phones: Record<"member" | "stitched" | "down" | "otherInstallation", RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    phones = {
      member: await restorePhone(world, bob),
      stitched: await restorePhone(world, bob),
      down: await restorePhone(world, bob),
      otherInstallation: await restorePhone(world, bob),
    };
    await wait(lookEveryMs);
  });
  afterAll(async () => {
    for (const { backups } of Object.values(phones)) backups.stop();
    await world.dispose();
  });

  it("default: a member's message activates its conversation, and is there", async () => {
    const { backups, client, groupId, dmId } = phones.member;
    const group = await find(client, groupId);
    await expect(backups.guardWrites(group as { id: string } & typeof group).sendText("too early")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });
    const counts = firstValueFrom(backups.activation$.pipe(map(({ active, total }) => `${active} of ${total}`), take(3), toArray()));

    await (await find(bob, groupId)).sendText("New phone?");
    await until(() => backups.canWrite(groupId));
    expect(await textsOf(client, groupId)).toEqual([...groupTexts, "New phone?"]);
    expect([backups.canWrite(dmId), (await find(client, dmId)).isActive]).toEqual([false, false]);

    await (await find(bob, dmId)).sendText("Are you there?");
    await until(() => isSettled(backups));
    expect([backups.canWrite(dmId), await textsOf(client, dmId)]).toEqual([true, [...dmTexts, "Are you there?"]]);
    expect(await counts).toEqual(["0 of 2", "1 of 2", "2 of 2"]);

    await backups.guardWrites(group).sendText("Back again");
    const bobs = await find(bob, groupId);
    await bobs.sync();
    expect(await textsOf(bob, groupId)).toEqual([...groupTexts, "New phone?", "Back again"]);
    expect((bobs as unknown as { name: string }).name).toBe("Lisbon in May");
  });
});

async function isSettled({ activation$ }: Backups): Promise<boolean> {
  const { active, total } = await firstValueFrom(activation$);
  return total > 0 && active === total;
}
void backupsOf;
