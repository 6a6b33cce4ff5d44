import type { HistorySync, Host } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectRefusal, expectThat } from "./expectations.ts";
import type { WithHost } from "./hostSetUp.ts";

/** What a host that declares history sync must do. */
export function historySyncCases(withHost: WithHost): ContractCase[] {
  return [
    withHost("default: history sync lists what another installation offers, and brings it", async ({ host, fresh }) => {
      const target = await fresh();
      const [from, to] = [syncOf(host), syncOf(target)];
      await from.send("1234");
      const offers = await to.list(1);
      const { installationId } = await host.identity();
      expectEqual(
        offers.map(({ pin, installationId: by }) => [pin, by]),
        [["1234", installationId]],
        "the offers",
      );
      expectEqual([...(offers[0]?.elements ?? [])].sort(), ["consent", "messages"], "the elements");
      expectThat((offers[0]?.exportedAtMs ?? 0) > 1_600_000_000_000, "the time of the export is in milliseconds");
      await to.process("1234");
      const before = await host.listConversations();
      expectEqual((await target.listConversations()).map(({ id }) => id).sort(), before.map(({ id }) => id).sort(), "the conversations");
      for (const { id, consent } of before) {
        expectEqual(await target.countMessages(id), await host.countMessages(id), "the messages of a conversation");
        expectEqual((await target.listConversations({ ids: [id] }))[0]?.consent, consent, "its consent");
      }
    }),
    withHost("parameters: elements: history sync offers what is asked for only", async ({ host, fresh }) => {
      const target = await fresh();
      await syncOf(host).send("1234", { elements: ["consent"] });
      expectEqual(
        (await syncOf(target).list(1)).map(({ elements }) => elements),
        [["consent"]],
        "the elements",
      );
      await syncOf(target).process("1234");
      expectEqual(await target.listConversations(), [], "the conversations");
    }),
    withHost("behavior: history sync without a pin takes the newest offer of another installation", async ({ host, fresh }) => {
      const target = await fresh();
      const to = syncOf(target);
      await syncOf(host).send("older", { elements: ["consent"] });
      await syncOf(host).send("newer");
      await to.send("own");
      expectEqual(
        (await to.list(1)).map(({ pin }) => pin),
        ["newer", "older"],
        "the pins, newest first",
      );
      await to.process(undefined);
      expectEqual((await target.listConversations()).length, 2, "the number of conversations");
    }),
    withHost("behavior: history that nobody offers is refused", async ({ host, fresh }) => {
      const target = await fresh();
      const to = syncOf(target);
      expectEqual(await to.list(1), [], "the offers");
      await expectRefusal(() => to.process(undefined), ["HISTORY_SYNC_FAILED"], "the newest of none");
      await syncOf(host).send("1234");
      await to.send("own");
      await expectRefusal(() => to.process("4321"), ["HISTORY_SYNC_FAILED"], "an unknown pin");
      await expectRefusal(() => to.process("own"), ["HISTORY_SYNC_FAILED"], "an own offer");
      expectEqual(await target.listConversations(), [], "the conversations");
    }),
    withHost("behavior: history can be asked for when nobody answers", async ({ host }) => {
      await syncOf(host).request();
      await syncOf(host).request({ elements: ["messages"] });
    }),
    withHost("parameters: signal: history sync that is aborted rejects with its reason", async ({ host }) => {
      const sync = syncOf(host);
      await expectAbort((signal) => sync.request({ signal }), "request");
      await expectAbort((signal) => sync.send("1234", { signal }), "send");
      await expectAbort((signal) => sync.list(1, { signal }), "list");
      await expectAbort((signal) => sync.process("1234", { signal }), "process");
    }),
    withHost("behavior: history sync of a closed client fails as closed", async ({ host, close }) => {
      await close();
      const sync = syncOf(host);
      await expectRefusal(() => sync.request(), ["CLIENT_CLOSED"], "request");
      await expectRefusal(() => sync.send("1234"), ["CLIENT_CLOSED"], "send");
      await expectRefusal(() => sync.list(1), ["CLIENT_CLOSED"], "list");
      await expectRefusal(() => sync.process("1234"), ["CLIENT_CLOSED"], "process");
    }),
  ];
}

function syncOf({ historySync }: Host): HistorySync {
  expectThat(historySync !== undefined, "the host declares history sync");
  return historySync;
}
