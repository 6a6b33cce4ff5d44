import { describe, expect, test } from "vitest";

import { grpcClients } from "./support/rpcClients.ts";
import { until } from "../../../test/until.ts";
import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();
const installationKey = new Uint8Array(32).fill(1);
const key = Uint8Array.of(9);

const welcome = (data: number) => ({
  version: {
    case: "v1" as const,
    value: { installationKey, data: Uint8Array.of(data), hpkePublicKey: key, wrapperAlgorithm: 2, welcomeMetadata: key },
  },
});
const pointer = (data: number) => ({
  version: {
    case: "welcomePointer" as const,
    value: { installationKey, welcomePointer: Uint8Array.of(data), hpkePublicKey: key, wrapperAlgorithm: 2 },
  },
});

describe("welcome messages", () => {
  test("default", async () => {
    const { mls } = grpcClients(await start());
    await mls.sendWelcomeMessages({ messages: [welcome(1), pointer(2)] });
    const { messages } = await mls.queryWelcomeMessages({ installationKey, pagingInfo: { direction: 1 } });
    expect(messages.map(({ version }) => version.case)).toEqual(["v1", "welcomePointer"]);
    expect(messages[0]!.version.value).toMatchObject({ id: 1n, wrapperAlgorithm: 2 });
    expect(messages[0]!.version).toMatchObject({ value: { welcomeMetadata: key } });
    expect(messages[1]!.version).toMatchObject({ value: { id: 2n, welcomePointer: Uint8Array.of(2) } });
  });

  test("behavior: pages in both directions and keeps installations apart", async () => {
    const { mls } = grpcClients(await start());
    await mls.sendWelcomeMessages({ messages: Array.from({ length: 120 }, (_, index) => welcome(index)) });
    const first = await mls.queryWelcomeMessages({ installationKey, pagingInfo: { direction: 1, limit: 100 } });
    expect(first.messages).toHaveLength(100);
    const second = await mls.queryWelcomeMessages({ installationKey, pagingInfo: first.pagingInfo! });
    expect(second.messages).toHaveLength(20);
    expect(second.pagingInfo!.idCursor).toBe(0n);
    const newest = await mls.queryWelcomeMessages({ installationKey, pagingInfo: { limit: 1 } });
    expect(newest.messages[0]!.version.value!.id).toBe(120n);
    const other = await mls.queryWelcomeMessages({ installationKey: Uint8Array.of(5) });
    expect(other.messages).toEqual([]);
  });

  test("behavior: drops duplicates", async () => {
    const network = await start();
    const { mls } = grpcClients(network);
    await mls.sendWelcomeMessages({ messages: [welcome(1), welcome(1), welcome(2)] });
    await mls.sendWelcomeMessages({ messages: [welcome(2)] });
    expect(network.stats().welcomeMessages).toBe(2);
  });

  test("behavior: a subscription gets both kinds", async () => {
    const network = await start();
    const { mls } = grpcClients(network);
    await mls.sendWelcomeMessages({ messages: [welcome(1)] });
    const stop = new AbortController();
    const received: (string | undefined)[] = [];
    const ended = (async () => {
      const filters = [{ installationKey }];
      for await (const { version } of mls.subscribeWelcomeMessages({ filters }, { signal: stop.signal })) {
        received.push(version.case);
      }
    })().catch(() => {});
    await until(() => received.length === 1);
    await mls.sendWelcomeMessages({ messages: [pointer(2)] });
    await until(() => received.length === 2);
    expect(received).toEqual(["v1", "welcomePointer"]);
    stop.abort();
    await ended;
  });
});
