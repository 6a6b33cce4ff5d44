import { type BrokenConversation, generateArchiveKey } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectEqual, expectThat } from "./expectations.ts";
import type { WithHost } from "./hostSetUp.ts";

/** What a conversation that the client can't read asks of a host; empty if the set-up can't break one. */
export function brokenCases(withHost: WithHost): ContractCase[] {
  return (["group", "dm"] as const).map((kind) =>
    withHost(`behavior: a ${kind} whose state is broken is named, and does not hide the others`, async ({ host, breakState }) => {
      if (!breakState) return;
      const before = await host.listConversations();
      const [lost, other] = [before.find((each) => each.kind === kind), before.find((each) => each.kind !== kind)];
      expectThat(lost !== undefined && other !== undefined, "a group and a DM are there");
      const left = await breakState(lost.id);
      const broken: BrokenConversation[] = [];
      const onBroken = (conversation: BrokenConversation) => broken.push(conversation);
      expectEqual(
        (await left.listConversations({ onBroken })).map(({ id }) => id),
        [other.id],
        "what is listed",
      );
      expectEqual(
        broken.map((each) => [each.id, each.kind]),
        [[lost.id, kind]],
        "what is named",
      );
      expectEqual(
        (await left.listConversations({ ids: [lost.id, other.id] })).map(({ id }) => id),
        [other.id],
        "what is found by its id",
      );
      expectEqual(await left.countMessages(other.id), 2, "the messages of the other one");
      const archive = await left.exportArchive({ elements: ["consent", "messages"] }, generateArchiveKey());
      expectThat(archive.blob.size > 0, "the rest can be exported");
      await archive.release();
    }),
  );
}
