import { describe, expect, test } from "vitest";

import { groupIdOf, privateMessage } from "./support/mlsBytes.ts";
import { grpcClients, grpcWebClients } from "./support/rpcClients.ts";
import { numbered, sendTexts, textOf } from "./support/send.ts";
import { until } from "../../../test/until.ts";
import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();
const groupId = groupIdOf("group");
const ascending = 1;

describe.each([
  ["gRPC", grpcClients],
  ["grpc-web", grpcWebClients],
])("group messages over %s", (_, clientsOf) => {
  test("default", async () => {
    const clients = clientsOf(await start());
    await sendTexts(clients, groupId, ["one", "two"]);
    const { messages, pagingInfo } = await clients.mls.queryGroupMessages({ groupId, pagingInfo: { direction: ascending } });
    expect(messages.map(({ version }) => textOf(version.value?.data, 3))).toEqual(["one", "two"]);
    expect(Buffer.from(messages[0]!.version.value!.groupId)).toEqual(Buffer.from(groupId));
    expect(messages[0]!.version.value).toMatchObject({ isCommit: false, shouldPush: false });
    expect(messages[1]!.version.value!.createdNs).toBeGreaterThan(messages[0]!.version.value!.createdNs);
    expect(pagingInfo).toMatchObject({ direction: ascending, limit: 100, idCursor: 0n });
  });

  test("parameters: paging_info", async () => {
    const clients = clientsOf(await start());
    for (const texts of [numbered(125), numbered(125, 125)]) await sendTexts(clients, groupId, texts);

    const pages: string[][] = [];
    let idCursor = 0n;
    do {
      const { messages, pagingInfo } = await clients.mls.queryGroupMessages({
        groupId,
        pagingInfo: { direction: ascending, limit: 100, idCursor },
      });
      pages.push(messages.map(({ version }) => textOf(version.value?.data, 3)));
      idCursor = pagingInfo!.idCursor;
    } while (idCursor !== 0n);
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(pages.flat()).toEqual(numbered(250));
  });

  test.each([
    [0, 100],
    [7, 7],
    [100, 100],
    [101, 100],
  ])("parameters: paging_info.limit: %i", async (limit, expected) => {
    const clients = clientsOf(await start());
    await sendTexts(clients, groupId, numbered(110));
    const { messages, pagingInfo } = await clients.mls.queryGroupMessages({
      groupId,
      pagingInfo: { direction: ascending, limit },
    });
    expect(messages).toHaveLength(expected);
    expect(pagingInfo).toMatchObject({ limit: expected, idCursor: messages.at(-1)!.version.value!.id });
  });

  test("behavior: without a direction the newest come first", async () => {
    const clients = clientsOf(await start());
    await sendTexts(clients, groupId, numbered(5));
    const first = await clients.mls.queryGroupMessages({ groupId, pagingInfo: { limit: 2 } });
    const second = await clients.mls.queryGroupMessages({ groupId, pagingInfo: first.pagingInfo! });
    const texts = [...first.messages, ...second.messages].map(({ version }) => textOf(version.value?.data, 3));
    expect(texts).toEqual(["004", "003", "002", "001"]);
  });

  test("behavior: drops duplicates of a group only", async () => {
    const network = await start();
    const clients = clientsOf(network);
    await sendTexts(clients, groupId, ["one", "two", "one"]);
    await sendTexts(clients, groupId, ["two"]);
    await sendTexts(clients, groupIdOf("other"), ["one"]);
    expect(network.stats()).toMatchObject({ groups: 2, groupMessages: 3 });
  });

  test("behavior: a request with one bad message sends none", async () => {
    const network = await start();
    const { mls } = clientsOf(network);
    const messages = [privateMessage(), new Uint8Array([1])].map((data) => ({
      version: { case: "v1" as const, value: { data } },
    }));
    await expect(mls.sendGroupMessages({ messages })).rejects.toThrow("invalid group message");
    expect(network.stats().groupMessages).toBe(0);
  });

  test("behavior: marks commits", async () => {
    const { mls } = clientsOf(await start());
    const data = privateMessage({ groupId, contentType: 3 });
    const value = { data, senderHmac: Uint8Array.of(5), shouldPush: true };
    await mls.sendGroupMessages({ messages: [{ version: { case: "v1", value } }] });
    const { messages } = await mls.queryGroupMessages({ groupId });
    expect(messages[0]!.version.value).toMatchObject({ isCommit: true, shouldPush: true });
    expect([...messages[0]!.version.value!.senderHmac]).toEqual([5]);
  });

  test("behavior: the newest of each group, in the order asked for", async () => {
    const clients = clientsOf(await start());
    await sendTexts(clients, groupIdOf("a"), ["one", "two"]);
    await sendTexts(clients, groupIdOf("b"), ["six"]);
    const groupIds = ["b", "none", "a"].map(groupIdOf);
    const withContent = await clients.mls.getNewestGroupMessage({ groupIds, includeContent: true });
    const data = withContent.responses.map(({ groupMessage }) => groupMessage?.version.value?.data);
    expect(data.map((bytes) => textOf(bytes, 3))).toEqual(["six", "", "two"]);
    const { responses } = await clients.mls.getNewestGroupMessage({ groupIds });
    expect(responses.map(({ groupMessage }) => groupMessage?.version.value?.data.length)).toEqual([0, undefined, 0]);
    expect(responses[2]!.groupMessage!.version.value!.id).toBe(2n);
  });

  test("behavior: a subscription replays from its cursor, then follows", async () => {
    const network = await start();
    const clients = clientsOf(network);
    await sendTexts(clients, groupId, numbered(130));
    await sendTexts(clients, groupIdOf("other"), ["not"]);
    const stop = new AbortController();
    const stream = clients.mls.subscribeGroupMessages({ filters: [{ groupId, idCursor: 10n }] }, { signal: stop.signal });
    const received: string[] = [];
    const ended = (async () => {
      for await (const { version } of stream) received.push(textOf(version.value?.data, 3));
    })().catch(() => {});
    await until(() => received.length === 120);
    await sendTexts(clients, groupId, numbered(3, 130));
    await until(() => received.length === 123);
    expect(received).toEqual(numbered(123, 10));
    expect(network.stats().openSubscriptions).toEqual({ groupMessages: 1, welcomeMessages: 0 });
    stop.abort();
    await ended;
    await until(() => network.stats().openSubscriptions.groupMessages === 0);
  });

  test("behavior: a subscriber that stops reading and goes away is forgotten", async () => {
    const network = await start();
    const clients = clientsOf(network);
    const padding = "x".repeat(16_000);
    for (let round = 0; round < 10; round += 1) {
      await sendTexts(
        clients,
        groupId,
        numbered(64, round * 64).map((number) => padding + number),
      );
    }
    const stop = new AbortController();
    const stream = clients.mls.subscribeGroupMessages({ filters: [{ groupId }] }, { signal: stop.signal });
    await stream[Symbol.asyncIterator]().next();
    expect(network.stats().openSubscriptions.groupMessages).toBe(1);
    stop.abort();
    await until(() => network.stats().openSubscriptions.groupMessages === 0);
  });

  test("behavior: a subscription with nothing to say answers its headers at once", async () => {
    const clients = clientsOf(await start());
    const stop = new AbortController();
    const headers = new Promise<Headers>((resolve) => {
      const options = { signal: stop.signal, onHeader: resolve };
      const stream = clients.mls.subscribeGroupMessages({ filters: [{ groupId }] }, options);
      stream[Symbol.asyncIterator]()
        .next()
        .catch(() => {});
    });
    expect((await headers).get("content-type")).toMatch(/^application\/grpc/);
    stop.abort();
  });
});
