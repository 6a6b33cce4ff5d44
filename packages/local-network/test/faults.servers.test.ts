import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";

import { groupIdOf } from "./support/mlsBytes.ts";
import { grpcClients, grpcWebClients } from "./support/rpcClients.ts";
import { sendTexts } from "./support/send.ts";
import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();
const groupId = groupIdOf("group");

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );

describe.each([
  ["gRPC", grpcClients],
  ["grpc-web", grpcWebClients],
])("faults over %s", (_, clientsOf) => {
  test("default", async () => {
    const network = await start();
    const clients = clientsOf(network);
    network.faults.refuse("SendGroupMessages");
    await expect(sendTexts(clients, groupId, ["one"])).rejects.toMatchObject({
      code: Code.Unavailable,
      rawMessage: "SendGroupMessages refused on demand",
    });
    await sendTexts(clients, groupId, ["one"]);
    expect(network.stats()).toMatchObject({ groupMessages: 1, calls: { SendGroupMessages: 2 } });
  });

  test("parameters: times and code", async () => {
    const network = await start();
    const { mls } = clientsOf(network);
    network.faults.refuse("QueryGroupMessages", { times: 2, code: "RESOURCE_EXHAUSTED" });
    const codes = [];
    for (let call = 0; call < 3; call += 1) codes.push(await codeOf(mls.queryGroupMessages({ groupId })));
    expect(codes).toEqual([Code.ResourceExhausted, Code.ResourceExhausted, undefined]);
  });

  test("behavior: refuses subscriptions", async () => {
    const network = await start();
    const { mls } = clientsOf(network);
    network.faults.refuse("SubscribeGroupMessages", { code: "INTERNAL" });
    const stream = mls.subscribeGroupMessages({ filters: [{ groupId }] })[Symbol.asyncIterator]();
    expect(await codeOf(stream.next())).toBe(Code.Internal);
  });

  test("behavior: a delayed call comes after one that is not", async () => {
    const network = await start();
    const { mls } = clientsOf(network);
    network.faults.delay("QueryGroupMessages", { ms: 50 });
    const order: string[] = [];
    const delayed = mls.queryGroupMessages({ groupId }).then(() => order.push("delayed"));
    await mls.queryWelcomeMessages({ installationKey: groupId }).then(() => order.push("other"));
    await delayed;
    expect(order).toEqual(["other", "delayed"]);
  });

  test("behavior: a call that is cut has no effect", async () => {
    const network = await start();
    const clients = clientsOf(network);
    network.faults.drop("SendGroupMessages");
    await expect(sendTexts(clients, groupId, ["one"])).rejects.toThrow();
    expect(network.stats().groupMessages).toBe(0);
    await sendTexts(clients, groupId, ["one"]);
    expect(network.stats().groupMessages).toBe(1);
  });

  test("behavior: a call whose answer is dropped has its effect, and may be repeated", async () => {
    const network = await start();
    const clients = clientsOf(network);
    network.faults.drop("SendGroupMessages", { kind: "answer" });
    await expect(sendTexts(clients, groupId, ["one"])).rejects.toThrow();
    expect(network.stats().groupMessages).toBe(1);
    await sendTexts(clients, groupId, ["one"]);
    expect(network.stats().groupMessages).toBe(1);
  });

  test("behavior: silence lasts until the client gives up", async () => {
    const network = await start();
    const { mls } = clientsOf(network);
    network.faults.drop("QueryGroupMessages", { kind: "silence" });
    const silent = codeOf(mls.queryGroupMessages({ groupId }, { timeoutMs: 50 }));
    await mls.queryGroupMessages({ groupId });
    expect(await silent).toBe(Code.DeadlineExceeded);
  });

  test("behavior: offline, and back", async () => {
    const network = await start();
    const { mls } = clientsOf(network);
    const stream = mls.subscribeGroupMessages({ filters: [{ groupId }] })[Symbol.asyncIterator]();
    const next = codeOf(stream.next());
    await mls.queryGroupMessages({ groupId });
    network.faults.offline(true);
    expect(await next).toBeDefined();
    expect(await codeOf(mls.queryGroupMessages({ groupId }))).toBeDefined();
    network.faults.offline(false);
    await mls.queryGroupMessages({ groupId });
    expect(network.stats().calls.QueryGroupMessages).toBe(2);
  });

  test("behavior: clear forgets what has not happened yet", async () => {
    const network = await start();
    const { mls } = clientsOf(network);
    network.faults.refuse("QueryGroupMessages", { times: Infinity });
    expect(await codeOf(mls.queryGroupMessages({ groupId }))).toBe(Code.Unavailable);
    network.faults.offline(true);
    expect(await codeOf(mls.queryGroupMessages({ groupId }))).toBeDefined();
    network.faults.clear();
    expect(await codeOf(mls.queryGroupMessages({ groupId }))).toBeUndefined();
  });
});

describe("faults of history sync", () => {
  test("default", async () => {
    const { url, faults, stats } = await start();
    const upload = () => fetch(`${url}/upload`, { method: "POST", body: "file" });
    faults.refuse("POST /upload");
    faults.drop("POST /upload");
    faults.drop("POST /upload", { kind: "answer" });
    expect((await upload()).status).toBe(503);
    await expect(upload()).rejects.toThrow();
    expect(stats().files).toBe(0);
    await expect(upload()).rejects.toThrow();
    expect(stats().files).toBe(1);
    expect((await upload()).status).toBe(200);
  });
});
