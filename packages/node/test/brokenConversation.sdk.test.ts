import { describe, expect, it } from "vitest";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { chat, textsOf } from "./support/chat.ts";
import { closeClient } from "./support/closeClient.ts";
import { currentOf } from "./support/currentOf.ts";
import { loseState } from "./support/loseState.ts";
import { until } from "../../../test/until.ts";
import { startWorld } from "./support/world.ts";

/** A client with a group and a DM, of which the group's state is lost from the database. */
async function withLostGroup() {
  const world = await startWorld();
  const [alice, bob] = [world.newPerson(), await world.open(world.newPerson())];
  const device = { dbPath: world.newPath("client.db3"), encrypted: false };
  const before = await world.open(alice, device);
  const { group, dm } = await chat(before, bob);
  await closeClient(before);
  loseState(device.dbPath, group.id);
  return { world, alice, client: await world.open(alice, device), groupId: group.id, dmId: dm.id };
}

describe("a client with a group whose MLS state is lost", () => {
  it("default: the SDK's own list fails, and a backup holds the rest and names the group", async () => {
    const { world, alice, client, groupId, dmId } = await withLostGroup();
    try {
      await expect(client.conversations.list()).rejects.toThrow(groupId);
      expect(client.conversations.listGroups().map(({ id }) => id)).toContain(groupId);
      expect(await client.conversations.getConversationById(groupId)).toBeUndefined();
      const places = placesIn(world.newPath("places"));
      const backups = backupsOf(client, places);
      await backups.start();
      const { entry } = await backups.backup().result;
      expect(entry.details).toMatchObject({
        counts: { conversations: 1, messages: 2 },
        missingMessages: 2,
        lacks: { conversations: [{ id: groupId, kind: "group", messages: 2, isBroken: true }], ranges: [] },
      });
      await until(() => currentOf(backups.status$).health?.lacks !== undefined);
      expect(currentOf(backups.status$).health).toMatchObject({ level: "warning", lacks: { conversations: [{ id: groupId }] } });
      backups.stop();

      const fresh = await world.open(alice);
      const restored = await backupsOf(fresh, places).restore(entry).result;
      expect(restored).toMatchObject({
        conversations: { restored: 1, expected: 1 },
        messages: { restored: 2, expected: 2 },
        orphanMessages: 0,
      });
      expect(await textsOf(fresh, dmId)).toHaveLength(2);
    } finally {
      await world.dispose();
    }
  });

  it("behavior: a restore there succeeds, and names what the client can't list", async () => {
    const { world, alice, client, groupId, dmId } = await withLostGroup();
    try {
      const places = placesIn(world.newPath("places"));
      const tablet = await world.open(alice);
      const bob = await world.open(world.newPerson());
      const { group } = await chat(tablet, bob);
      const { entry } = await backupsOf(tablet, places).backup().result;
      const backups = backupsOf(client, places);
      const result = await backups.restore(entry).result;
      expect(result.conversations.expected).toBe(result.conversations.restored);
      expect(await textsOf(client, group.id)).toHaveLength(2);
      expect(await textsOf(client, dmId)).toHaveLength(2);
      expect(currentOf(backups.activation$).conversations.map(({ id }) => id)).not.toContain(groupId);
      backups.stop();
    } finally {
      await world.dispose();
    }
  });
});
