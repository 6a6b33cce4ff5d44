import type { Host } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectEqual, expectThat } from "./expectations.ts";
import type { ConversationChange, WithHost } from "./hostSetUp.ts";

const everyChange = {
  group: ["name", "timer", "noTimer", "people", "admins", "leave"],
  dm: ["timer", "noTimer"],
} as const satisfies Record<string, readonly ConversationChange[]>;

/** How a host counts the changes of a conversation's own data; empty for a host without `revisionOf`. */
export function changeCases(withHost: WithHost): ContractCase[] {
  const changing = (
    name: string,
    run: (host: Host & Required<Pick<Host, "revisionOf">>, world: Parameters<Parameters<WithHost>[1]>[0]) => Promise<void>,
  ) =>
    withHost(name, async (world) => {
      const { host } = world;
      if (tellsChanges(host)) await run(host, world);
    });

  return [
    ...(["group", "dm"] as const).map((kind) =>
      changing(`behavior: each change of a ${kind} gives another number of changes`, async (host, { change }) => {
        const { id } = await oneOf(host, kind);
        const numbers = [await host.revisionOf(id)];
        for (const what of everyChange[kind]) {
          await change?.(id, what);
          const number = await host.revisionOf(id);
          if (change)
            expectThat(!numbers.includes(number), `${what}: the number of changes is a new one, got ${number} after ${numbers.join(", ")}`);
          numbers.push(number);
        }
        expectEqual(await host.revisionOf(id), numbers.at(-1), "the number without a change");
      }),
    ),
    changing(
      "behavior: messages, consent and another conversation leave the number of changes as it is",
      async (host, { change, say, deny }) => {
        const [group, dm] = [await oneOf(host, "group"), await oneOf(host, "dm")];
        const before = [await host.revisionOf(group.id), await host.revisionOf(dm.id)];
        for (const { id } of [group, dm]) await say?.(id);
        await deny(group.id);
        expectEqual([await host.revisionOf(group.id), await host.revisionOf(dm.id)], before, "the numbers");
        await change?.(dm.id, "timer");
        expectEqual(await host.revisionOf(group.id), before[0], "the number of the group");
      },
    ),
    changing("default: an unknown conversation has no changes", async (host) => {
      expectEqual(await host.revisionOf("00".repeat(16)), 0, "the number");
    }),
  ];
}

function tellsChanges(host: Host): host is Host & Required<Pick<Host, "revisionOf">> {
  return host.revisionOf !== undefined;
}

async function oneOf(host: Host, kind: "group" | "dm"): Promise<{ id: string }> {
  const found = (await host.listConversations()).find((each) => each.kind === kind);
  expectThat(found !== undefined, `a ${kind} is there`);
  return found;
}
