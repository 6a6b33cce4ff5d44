import { recommendRestore } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { backupsOf } from "./support/backupsOf.ts";
import { expectRefused } from "./support/expectRefused.ts";
import { createPerson } from "./support/person.ts";
import { startTalk, type Talk } from "./support/talk.ts";
import { startWorld, type World } from "./support/world.ts";

/** The same wallet has the same inbox id on every network. */
describe("an archive of another network", () => {
  let talk: Talk;
  let elsewhere: World;
  let there: Client;
  beforeAll(async () => {
    [talk, elsewhere] = [await startTalk(), await startWorld()];
    there = await elsewhere.open(createPerson(elsewhere.network.url, talk.alice.privateKey));
  });
  afterAll(async () => {
    await Promise.all([talk.world.dispose(), elsewhere.dispose()]);
  });

  it("default: is marked, not recommended and refused, unless the caller insists", async () => {
    expect(there.inboxId).toBe(talk.phone.inboxId);
    const places = talk.newPlaces();
    const { entry } = await backupsOf(talk.phone, places).backup().result;
    const backups = backupsOf(there, places);
    const archives = await backups.list();
    expect(archives).toMatchObject([{ id: entry.id, seal: "open", isOtherNetwork: true }]);
    const { route, reasons } = recommendRestore({ archives, inboxId: there.inboxId, nowMs: Date.now(), otherInstallationOnline: false });
    expect([route, reasons.includes("otherNetwork")]).toEqual(["none", true]);
    await expectRefused({ client: there, directory: places.directory }, "ARCHIVE_OTHER_NETWORK", () => backups.restore(entry).result);
    expect((await backups.planRetention({ last: 1 })).map(({ action }) => action)).toEqual(["keep"]);
    expect(await backups.restore(entry, { allowOtherNetwork: true }).result).toMatchObject({
      messages: { restored: 4, expected: 4 },
      unchecked: [],
    });
    backups.stop();
  });

  it("default: the host names the network, by its env and the address that is the app's own", async () => {
    const [here, other] = [await nodeHost(talk.phone).identity(), await nodeHost(there).identity()];
    expect(here.network).toMatch(/^local:[0-9a-f]{16}$/);
    expect(other.network).not.toBe(here.network);
    expect((await nodeHost(talk.phone, { network: "ours" }).identity()).network).toBe("ours");
  });
});
