import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dmTexts, groupTexts, textsOf } from "./support/chat.ts";
import { isSettled } from "./support/isSettled.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "./support/until.ts";
import { startWorld, type World } from "./support/world.ts";

describe("activation by the user's other installation with device sync", () => {
  let world: World;
  let phone: RestoredPhone;
  beforeAll(async () => {
    world = await startWorld();
    phone = await restorePhone(world, await world.open(world.newPerson()), { deviceSync: true });
  });
  afterAll(async () => {
    phone.backups.stop();
    await world.dispose();
  });

  it("default: its sync activates every conversation, though nobody writes", { timeout: 60_000 }, async () => {
    const { backups, client, old, groupId, dmId } = phone;
    await until(async () => {
      await old.conversations.sync();
      return isSettled(backups);
    }, 40_000);
    expect([await textsOf(client, groupId), await textsOf(client, dmId)]).toEqual([groupTexts, dmTexts]);
    expect([groupId, dmId].map((id) => backups.canWrite(id))).toEqual([true, true]);
  });
});
