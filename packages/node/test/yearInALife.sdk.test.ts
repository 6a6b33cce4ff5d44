import { setTimeout as wait } from "node:timers/promises";
import type { ArchiveEntry, Backups, BackupsOptions, RestoreResult } from "@xmtp-backup/core";
import { fakeClock } from "@xmtp-backup/testing";
import { type Client, ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf, type Places, placesIn } from "./support/backupsOf.ts";
import { find } from "./support/chat.ts";
import { closeClient } from "./support/closeClient.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";
import { anyConsent, decide, decidePeople, hourMs, type Ledger, meet, newLedger, part, talk, type Year } from "./support/year.ts";
import { differencesBetween, explained, tableOf, together, type YearDifference, type YearTable } from "./support/yearTable.ts";

type Device = { client: Client; backups: Backups };
type Restored = Device & { result: RestoreResult; table: YearTable };

/** The limit that names what is not as it was, by the column of the table. */
const limits: Partial<Record<YearDifference["column"], string>> = {
  members: "memberLists",
  permissions: "permissions",
  changes: "membershipChanges",
  disappearing: "disappearingTimers",
  creator: "creator",
  superAdmins: "admins",
  createdAtNs: "createdAt",
};

/** What the network says again once a conversation is active. */
const comesBack: readonly string[] = ["members", "permissions", "creator", "superAdmins"];

/** What a member's message, or one of the tablet's, makes active on the second phone. */
const awake = ["family", "poll", "work", "dmBob", "dmDan"];

describe("a year in a life", () => {
  let world: World;
  let year: Year;
  let places: Places;
  /** The phone when it was lost, and what Alice has of it on the phones after it. */
  let phone: YearTable;
  let second: Restored;
  let older: { result: RestoreResult; table: YearTable };
  let atActivation: YearTable;
  let lived: YearTable;
  let third: Restored;
  let fourth: Restored;
  /** What Alice had in that year, on whichever device. */
  let had: YearTable;
  const ledger: Ledger = newLedger();

  beforeAll(async () => {
    world = await startWorld();
    places = placesIn(world.newPath("places"));
    year = await meet(world);
    const said = await talk(year);
    // It holds words that are deleted later.
    const early = await backUp(year.phone);
    await part(world, year, said, ledger);
    const late = await backUp(year.phone);
    phone = await tableFor(year.phone);
    await closeClient(year.phone);
    // The tablet has it. The second phone is not there yet, so that nobody can send it there.
    ledger.gap.add(await (await find(year.carol, idOf("family"))).sendText("While Alice has no phone"));

    second = await restore(late);
    const { client, backups } = second;
    older = { result: await backups.restore(early).result, table: await tableFor(client, backups) };
    await wakeUp(second);
    atActivation = await tableFor(client, backups);
    await backups.guardWrites(await find(client, idOf("family"))).sendText("From the second phone");
    await decide(client, year.ids, { poll: ConsentState.Allowed, climbing: ConsentState.Denied, dmCarol: ConsentState.Allowed });
    await decidePeople(client, { [year.carol.inboxId]: ConsentState.Allowed });
    lived = await tableFor(client, backups);

    third = await restore(await backUp(client, backups));
    fourth = await restore(await backUp(third.client, third.backups), { clock: fakeClock(Date.now() + 2 * hourMs) });
    await year.tablet.conversations.syncAll(anyConsent);
    had = together(lived, phone, await tableFor(year.tablet));
  }, 150_000);
  afterAll(async () => {
    for (const device of [second, third, fourth]) device?.backups.stop();
    await world.dispose();
  });

  const idOf = (name: string) => year.ids[name] ?? "";
  const tableFor = (client: Client, backups = backupsOf(client, places)) => tableOf(client, backups, year.ids, year.people);
  const backUp = async (client: Client, backups = backupsOf(client, places)): Promise<ArchiveEntry> =>
    (await backups.backup().result).entry;

  async function restore(entry: ArchiveEntry, options: Partial<BackupsOptions> = {}): Promise<Restored> {
    const client = await world.open(year.alice);
    const backups = backupsOf(client, places, options);
    await backups.start();
    const result = await backups.restore(entry).result;
    return { client, backups, result, table: await tableFor(client, backups) };
  }

  /** Friends and the tablet write once they look for new installations again. */
  async function wakeUp({ backups }: Device): Promise<void> {
    const { bob, dan, tablet } = year;
    await wait(lookEveryMs);
    for (const [client, name] of [
      [bob, "family"],
      [bob, "work"],
      [bob, "dmBob"],
      [dan, "dmDan"],
      [tablet, "poll"],
    ] as const) {
      await (await find(client, idOf(name))).sendText(`New phone, ${name}?`);
    }
    await until(() => awake.every((name) => backups.canWrite(idOf(name))), 60_000);
  }

  /** A line for each kind of difference; one that nothing names is an error. */
  function differences(before: YearTable, { result, table: after }: Pick<Restored, "result" | "table">): string[] {
    const names = new Set<string>([...result.limits, "inactive"]);
    const limitOf = ({ about, column, had: was, message }: YearDifference): string | undefined => {
      if (message !== undefined) return was === undefined ? undefined : Object.entries(ledger).find(([, ids]) => ids.has(message))?.[0];
      if (column === "canWrite") return result.inactiveConversationIds.includes(idOf(about)) ? "inactive" : undefined;
      // Of a conversation that was active on the second phone, its archive says when that phone came to know it.
      if (column === "madeAtNs")
        return [lived, had].includes(before) && awake.includes(about) && names.has("createdAt") ? "createdAt" : undefined;
      const isBack = comesBack.includes(column) && after.conversations.get(about)?.canWrite;
      const limit = limits[column];
      return limit !== undefined && !isBack && names.has(limit) ? limit : undefined;
    };
    return explained(differencesBetween(before, after), limitOf);
  }

  it("default: what Alice had in the end is on the fourth phone, but for the named limits", () => {
    expect(differences(had, fourth)).toMatchInlineSnapshot(`
      [
        "canWrite: inactive: family, flat, poll, club, secrets, climbing, work, spam, dmBob, dmCarol, dmDan",
        ""Nobody took it": unsent: family",
        ""It never left the phone": unsent: family",
        ""While Alice has no phone": gap: family",
        "changes: membershipChanges: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        "members: memberLists: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        "createdAtNs: createdAt: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        "madeAtNs: createdAt: family, poll, work, dmBob, dmDan",
        "permissions: permissions: poll",
        ""Carol is rude": deleted: club",
        ""Read it soon": expired: secrets",
        "disappearing: disappearingTimers: secrets",
        "creator: creator: climbing, work, spam, choir, team, dmCarol, dmDan",
        "superAdmins: admins: climbing, work, spam, choir, team",
      ]
    `);
  });

  it("behavior: the second phone has what the first had", () => {
    expect(second.result).toMatchObject({
      conversations: { restored: 13, expected: 13 },
      incompleteConversationIds: [],
      leftOut: { deleted: 0, expired: 0, unsent: 2, oddDms: 0 },
    });
    expect(differences(phone, second)).toMatchInlineSnapshot(`
      [
        "canWrite: inactive: family, flat, poll, club, secrets, climbing, work, spam, dmBob, dmCarol, dmDan",
        ""Nobody took it": unsent: family",
        ""It never left the phone": unsent: family",
        "changes: membershipChanges: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        "members: memberLists: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        "createdAtNs: createdAt: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        "permissions: permissions: poll",
        ""Carol is rude": deleted: club",
        "disappearing: disappearingTimers: secrets",
        "creator: creator: climbing, work, spam, choir, team, dmCarol, dmDan",
        "superAdmins: admins: climbing, work, spam, choir, team",
      ]
    `);
  });

  it("behavior: an older archive after a newer one changes nothing back", () => {
    expect(differences(second.table, older)).toEqual([]);
    expect(older.result).toMatchObject({ incompleteConversationIds: [], imported: [] });
  });

  it("behavior: what becomes active is as it was", () => {
    for (const name of awake) {
      const [now, before] = [atActivation, phone].map((table) => {
        const {
          kind,
          name: title,
          consent,
          standing,
          canWrite,
          members,
          permissions,
          creator,
          superAdmins,
          madeBy,
          ledBy,
          madeAtNs,
        } = table.conversations.get(name)!;
        return { name, kind, title, consent, standing, canWrite, members, permissions, creator, superAdmins, madeBy, ledBy, madeAtNs };
      });
      expect(now).toEqual(before);
    }
    expect(atActivation.people).toEqual(phone.people);
  });

  it("behavior: the third phone has what the second had, what happened there too", () => {
    expect(third.result).toMatchObject({ incompleteConversationIds: [], leftOut: { deleted: 0, expired: 0, unsent: 0, oddDms: 0 } });
    expect(differences(lived, third)).toMatchInlineSnapshot(`
      [
        "canWrite: inactive: family, poll, work, dmBob, dmDan",
        "changes: membershipChanges: family, poll, work, dmBob, dmDan",
        "members: memberLists: family, poll, work, dmBob, dmDan",
        "createdAtNs: createdAt: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        "madeAtNs: createdAt: family, poll, work, dmBob, dmDan",
        "permissions: permissions: poll",
        "creator: creator: work, dmDan",
        "superAdmins: admins: work",
      ]
    `);
  });

  it("behavior: the fourth phone has what the third had, of which nothing was active, but for what has expired meanwhile", () => {
    expect(fourth.result).toMatchObject({ incompleteConversationIds: [], leftOut: { deleted: 0, expired: 1, unsent: 0, oddDms: 0 } });
    expect(differences(third.table, fourth)).toMatchInlineSnapshot(`
      [
        "createdAtNs: createdAt: family, flat, poll, club, secrets, climbing, work, spam, choir, team, dmBob, dmCarol, dmDan",
        ""Read it soon": expired: secrets",
      ]
    `);
  });

  it("behavior: each restore tells what was new there", () => {
    for (const { result, table } of [second, third, fourth]) {
      const spoken = [...table.conversations].filter(([, { texts }]) => texts.size > 0).map(([name]) => idOf(name));
      expect(result.imported.map(({ id }) => id).toSorted()).toEqual(spoken.toSorted());
      expect(result.imported.reduce((sum, { messages }) => sum + messages, 0)).toBe(result.messages.restored);
    }
  });
});
