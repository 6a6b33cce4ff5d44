import { once } from "node:events";
import { connect } from "node:net";

import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import * as identity from "../src/gen/xmtp/identity/api/v1/identity_pb.ts";
import * as mls from "../src/gen/xmtp/mls/api/v1/mls_pb.ts";
import { type LocalNetwork, startLocalNetwork } from "../src/index.ts";
import { groupIdOf } from "./support/mlsBytes.ts";
import { frame, rawGrpc } from "./support/rawGrpc.ts";
import { grpcClients } from "./support/rpcClients.ts";

const mlsPath = "/xmtp.mls.api.v1.MlsApi/";
const identityPath = "/xmtp.identity.api.v1.IdentityApi/";
const status = { ok: 0, unknown: 2, invalidArgument: 3, resourceExhausted: 8, unimplemented: 12, internal: 13 };

let network: LocalNetwork;
beforeAll(async () => {
  network = await startLocalNetwork();
});
afterAll(async () => {
  const { mls: calls } = grpcClients(network);
  const { messages } = await calls.queryGroupMessages({ groupId: groupIdOf("still there") });
  expect(messages).toEqual([]);
  await network.close();
});

/** One request as a test case: name, method, encoded message, status. */
function rejected<Schema extends DescMessage>(
  name: string,
  method: string,
  schema: Schema,
  init: MessageInitShape<Schema>,
  expected: number = status.invalidArgument,
) {
  const path = (method in mls.MlsApi.method ? mlsPath : identityPath) + method[0]!.toUpperCase() + method.slice(1);
  return [name, path, toBinary(schema, create(schema, init)), expected] as const;
}

const v1 = "v1" as const;
const garbage = Uint8Array.of(1, 2, 3);
const empty = new Uint8Array();
const entry = { groupId: garbage, serializedCommitLogEntry: garbage, signature: {} };
const inboxId = "ab".repeat(32);

describe("malformed messages", () => {
  test.each([
    rejected("a key package that is missing", "uploadKeyPackage", mls.UploadKeyPackageRequestSchema, {}),
    rejected("a key package that is none", "uploadKeyPackage", mls.UploadKeyPackageRequestSchema, {
      keyPackage: { keyPackageTlsSerialized: garbage },
    }),
    rejected("no group messages", "sendGroupMessages", mls.SendGroupMessagesRequestSchema, {}),
    rejected("a group message without version", "sendGroupMessages", mls.SendGroupMessagesRequestSchema, {
      messages: [{}],
    }),
    rejected("a group message that is none", "sendGroupMessages", mls.SendGroupMessagesRequestSchema, {
      messages: [{ version: { case: v1, value: { data: garbage } } }],
    }),
    rejected("no welcomes", "sendWelcomeMessages", mls.SendWelcomeMessagesRequestSchema, {}),
    rejected("a welcome without version", "sendWelcomeMessages", mls.SendWelcomeMessagesRequestSchema, {
      messages: [{}],
    }),
    rejected("a welcome without installation", "sendWelcomeMessages", mls.SendWelcomeMessagesRequestSchema, {
      messages: [{ version: { case: v1, value: { data: garbage, hpkePublicKey: garbage } } }],
    }),
    rejected("a welcome without public key", "sendWelcomeMessages", mls.SendWelcomeMessagesRequestSchema, {
      messages: [{ version: { case: v1, value: { data: garbage, installationKey: garbage } } }],
    }),
    rejected("a welcome pointer without pointer", "sendWelcomeMessages", mls.SendWelcomeMessagesRequestSchema, {
      messages: [{ version: { case: "welcomePointer", value: { installationKey: garbage, hpkePublicKey: garbage } } }],
    }),
    rejected("a query of no group", "queryGroupMessages", mls.QueryGroupMessagesRequestSchema, {}, status.unknown),
    rejected("a query of no installation", "queryWelcomeMessages", mls.QueryWelcomeMessagesRequestSchema, {}, status.unknown),
    rejected(
      "a subscription to no group",
      "subscribeGroupMessages",
      mls.SubscribeGroupMessagesRequestSchema,
      { filters: [{}] },
      status.unknown,
    ),
    rejected("a subscription to nothing", "subscribeWelcomeMessages", mls.SubscribeWelcomeMessagesRequestSchema, {}),
    rejected("a subscription to no installation", "subscribeWelcomeMessages", mls.SubscribeWelcomeMessagesRequestSchema, {
      filters: [{}],
    }),
    rejected("the newest of no group", "getNewestGroupMessage", mls.GetNewestGroupMessageRequestSchema, {}),
    rejected("no commit log entries", "batchPublishCommitLog", mls.BatchPublishCommitLogRequestSchema, {}),
    rejected("eleven commit log entries", "batchPublishCommitLog", mls.BatchPublishCommitLogRequestSchema, {
      requests: Array<typeof entry>(11).fill(entry),
    }),
    rejected("an empty commit log entry", "batchPublishCommitLog", mls.BatchPublishCommitLogRequestSchema, {
      requests: [{}],
    }),
    rejected("no commit log queries", "batchQueryCommitLog", mls.BatchQueryCommitLogRequestSchema, {}),
    rejected("a commit log query of no group", "batchQueryCommitLog", mls.BatchQueryCommitLogRequestSchema, {
      requests: [{}],
    }),
    rejected("21 commit log queries", "batchQueryCommitLog", mls.BatchQueryCommitLogRequestSchema, {
      requests: Array<{ groupId: Uint8Array }>(21).fill({ groupId: garbage }),
    }),
    rejected(
      "a commit log from its end",
      "batchQueryCommitLog",
      mls.BatchQueryCommitLogRequestSchema,
      { requests: [{ groupId: garbage, pagingInfo: { direction: 2 } }] },
      status.internal,
    ),
    rejected("no update", "publishIdentityUpdate", identity.PublishIdentityUpdateRequestSchema, {}, status.unknown),
    rejected(
      "an inbox id that is not hexadecimal",
      "publishIdentityUpdate",
      identity.PublishIdentityUpdateRequestSchema,
      { identityUpdate: { inboxId: "me" } },
      status.unknown,
    ),
    rejected("a short inbox id", "publishIdentityUpdate", identity.PublishIdentityUpdateRequestSchema, {
      identityUpdate: { inboxId: "ab" },
    }),
    rejected("an update without actions", "publishIdentityUpdate", identity.PublishIdentityUpdateRequestSchema, {
      identityUpdate: { inboxId },
    }),
    rejected("an action of no kind", "publishIdentityUpdate", identity.PublishIdentityUpdateRequestSchema, {
      identityUpdate: { inboxId, actions: [{}] },
    }),
    rejected(
      "updates of no inbox",
      "getIdentityUpdates",
      identity.GetIdentityUpdatesRequestSchema,
      { requests: [{ inboxId: "me" }] },
      status.unknown,
    ),
  ])("behavior: %s", async (_, path, message, expected) => {
    const answer = await rawGrpc(network.url, { path, body: frame(message) });
    expect(answer).toMatchObject({ status: 200, grpcStatus: expected });
    expect(answer.grpcMessage).not.toBe("");
  });
});

describe("malformed requests", () => {
  const path = `${mlsPath}QueryGroupMessages`;

  test.each([
    ["a message that is not protobuf", { path, body: frame(Uint8Array.of(0xff, 0xff, 0xff)) }, status.internal],
    ["a message that ends early", { path, body: frame(garbage, { length: 100 }) }, status.invalidArgument],
    ["half a frame", { path, body: Uint8Array.of(0, 0) }, status.invalidArgument],
    ["no message", { path }, status.unimplemented],
    ["two messages", { path, body: Buffer.concat([frame(empty), frame(empty)]) }, status.unimplemented],
    ["a compressed message, and how is not said", { path, body: frame(garbage, { flags: 1 }) }, status.internal],
    ["an unknown compression", { path, body: frame(garbage), headers: { "grpc-encoding": "x" } }, status.unimplemented],
    ["a message that is too large", { path, body: frame(garbage, { length: 2 ** 31 }) }, status.resourceExhausted],
    ["a timeout that is none", { path, body: frame(garbage), headers: { "grpc-timeout": "soon" } }, status.invalidArgument],
    ["an unknown method", { path: `${mlsPath}Nothing`, body: frame(garbage) }, status.unimplemented],
    ["an RPC that is left out", { path: `${mlsPath}Subscribe`, body: frame(garbage) }, status.unimplemented],
    ["an unknown service", { path: "/grpc.health.v1.Health/Check", body: frame(garbage) }, status.unimplemented],
  ])("behavior: %s", async (_, request, expected) => {
    const answer = await rawGrpc(network.url, request);
    expect(answer).toMatchObject({ status: 200, grpcStatus: expected });
  });

  test.each([
    ["another content type", { path, headers: { "content-type": "text/html" } }, 415],
    ["another method", { path, method: "GET" }, 405],
    ["a path that is not there", { path: "/", method: "GET", headers: { "content-type": "text/html" } }, 404],
  ])("behavior: %s", async (_, request, expected) => {
    expect((await rawGrpc(network.url, request)).status).toBe(expected);
  });

  test("behavior: a cursor past everything", async () => {
    const { mls: calls } = grpcClients(network);
    const pagingInfo = { direction: 1, idCursor: 2n ** 64n - 1n };
    const { messages } = await calls.queryGroupMessages({ groupId: groupIdOf("none"), pagingInfo });
    expect(messages).toEqual([]);
  });
});

describe("malformed connections", () => {
  /** Writes to a fresh connection, piece by piece, and returns what came back until it ended. */
  async function talk(...pieces: string[]): Promise<string> {
    const socket = connect(network.port, "127.0.0.1").setNoDelay(true);
    let answer = "";
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("error", () => {});
    await once(socket, "connect");
    for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
    await once(socket, "close");
    return answer;
  }

  test("behavior: neither HTTP/1.1 nor HTTP/2", async () => {
    expect(await talk("HELLO\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("behavior: something like HTTP/2", async () => {
    expect(await talk(`PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n${"x".repeat(100)}`)).not.toMatch(/^HTTP\/1/);
  });

  test("behavior: a request in pieces, the first of one byte", async () => {
    const pieces = ["P", "OST /nothing HTT", "P/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"];
    expect(await talk(...pieces)).toMatch(/^HTTP\/1\.1 404 /);
  });

  test("behavior: a client that goes away in the middle of a request", async () => {
    const socket = connect(network.port, "127.0.0.1");
    await once(socket, "connect");
    const before = network.stats().calls["POST /upload"];
    socket.write("POST /upload HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
    while (network.stats().calls["POST /upload"] === before) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await once(socket, "close");
    expect(network.stats().files).toBe(0);
  });
});
