import { connect } from "node:net";

import { describe, expect, test } from "vitest";

import { startLocalNetwork } from "../src/index.ts";
import { groupIdOf } from "./support/mlsBytes.ts";
import { grpcClients, grpcWebClients } from "./support/rpcClients.ts";
import { until } from "../../../test/until.ts";
import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();
const groupId = groupIdOf("group");

describe("start and close", () => {
  test("default", async () => {
    const network = await start();
    expect(network.url).toBe(`http://127.0.0.1:${network.port}`);
    await grpcClients(network).mls.queryGroupMessages({ groupId });
    await network.close();
    await network.close();
    await expect(fetch(network.url)).rejects.toThrow();
  });

  test("parameters: port", async () => {
    const first = await start();
    await expect(startLocalNetwork({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
    const second = await start({ port: first.port });
    expect(second.url).toBe(first.url);
    await expect(startLocalNetwork({ port: 70_000 })).rejects.toMatchObject({ code: "ERR_SOCKET_BAD_PORT" });
  });

  test("behavior: several networks know nothing of each other", async () => {
    const [one, two] = [await start(), await start()];
    await fetch(`${one.url}/upload`, { method: "POST", body: "file" });
    expect([one.stats().files, two.stats().files]).toEqual([1, 0]);
  });

  test("behavior: ends what is open", async () => {
    const network = await start();
    const idle = connect(network.port, "127.0.0.1");
    idle.on("error", () => {});
    const idleClosed = new Promise<void>((resolve) => idle.on("close", () => resolve()));
    network.faults.drop("QueryWelcomeMessages", { kind: "silence", times: 2 });
    network.faults.delay("GetInboxIds", { ms: 60_000, times: 2 });
    const next = <T>(stream: AsyncIterable<T>) => stream[Symbol.asyncIterator]().next();
    const calls = [grpcClients(network), grpcWebClients(network)].flatMap(({ mls, identity }) => [
      next(mls.subscribeGroupMessages({ filters: [{ groupId }] })),
      mls.queryWelcomeMessages({ installationKey: groupId }),
      identity.getInboxIds({}),
    ]);
    const outcomes = Promise.allSettled(calls);
    await until(() => {
      const { SubscribeGroupMessages, QueryWelcomeMessages, GetInboxIds } = network.stats().calls;
      return SubscribeGroupMessages + QueryWelcomeMessages + GetInboxIds === calls.length;
    });
    await network.close();
    await idleClosed;
    expect((await outcomes).map(({ status }) => status)).toEqual(calls.map(() => "rejected"));
  });
});
