import { ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

describe("activation by the user's other installation with device sync", () => {
  let world: World;
  let phone: RestoredPhone;
  let deniedId: string;
  beforeAll(async () => {
    world = await startWorld();
    const bob = await world.open(world.newPerson());
    phone = await restorePhone(world, bob, {
      deviceSync: true,
      beforeBackup: async (old) => {
        const denied = await old.conversations.createGroup([bob.inboxId]);
        await denied.sendText("Buy now");
        denied.updateConsentState(ConsentState.Denied);
        deniedId = denied.id;
      },
    });
  });
  afterAll(async () => {
    phone.backups.stop();
    await world.dispose();
  });

  it("default: its sync activates every conversation that is not denied, though nobody writes", { timeout: 60_000 }, async () => {
    const { backups, client, old, groupId, dmId } = phone;
    await until(async () => {
      await old.conversations.sync();
      return [groupId, dmId].every((id) => backups.canWrite(id));
    }, 40_000);
    expect([await textsOf(client, groupId), await textsOf(client, dmId)]).toEqual([groupTexts, dmTexts]);
    expect([groupId, dmId].map((id) => backups.conversation(id).getState()?.activatedBy)).toEqual([
      "otherInstallation",
      "otherInstallation",
    ]);
    await client.conversations.sync();
    expect([(await find(client, deniedId)).isActive, backups.conversation(deniedId).getState()?.expectation.reason]).toEqual([
      false,
      "denied",
    ]);
  });
});
