import { create as createMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";

import { CreateInboxSchema, IdentityActionSchema, IdentityUpdateSchema } from "../src/gen/xmtp/identity/associations/association_pb.ts";
import { grpcClients, type RpcClients } from "./support/rpcClients.ts";
import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();
const inboxId = "ab".repeat(32);
const otherInboxId = "cd".repeat(32);

const create = (initialIdentifier: string, initialIdentifierKind = 1) => ({
  kind: { case: "createInbox" as const, value: { initialIdentifier, initialIdentifierKind } },
});
const member = (value: string) => ({ kind: { case: "ethereumAddress" as const, value } });
const add = (address: string) => ({
  kind: { case: "add" as const, value: { newMemberIdentifier: member(address) } },
});
const revoke = (address: string) => ({
  kind: { case: "revoke" as const, value: { memberToRevoke: member(address) } },
});

type Action = ReturnType<typeof create> | ReturnType<typeof add> | ReturnType<typeof revoke>;

const publish = ({ identity }: RpcClients, id: string, ...actions: Action[]) =>
  identity.publishIdentityUpdate({ identityUpdate: { inboxId: id, actions } });

async function inboxIdOf({ identity }: RpcClients, identifier: string): Promise<string | undefined> {
  const { responses } = await identity.getInboxIds({ requests: [{ identifier, identifierKind: 1 }] });
  return responses[0]!.inboxId;
}

describe("identity updates", () => {
  test("default", async () => {
    const clients = grpcClients(await start());
    await publish(clients, inboxId, create("0xA"));
    await publish(clients, otherInboxId, create("0xB"));
    await publish(clients, inboxId, add("0xC"));
    const { responses } = await clients.identity.getIdentityUpdates({
      requests: [{ inboxId }, { inboxId: "ef".repeat(32) }, { inboxId, sequenceId: 1n }],
    });
    expect(responses.map(({ updates }) => updates.map(({ sequenceId }) => sequenceId))).toEqual([[1n, 3n], [], [3n]]);
    expect(responses.map((response) => response.inboxId)).toEqual([inboxId, "ef".repeat(32), inboxId]);
    expect(responses[0]!.updates[1]!.update!.actions[0]!.kind.case).toBe("add");
    expect(responses[0]!.updates[1]!.serverTimestampNs).toBeGreaterThan(responses[0]!.updates[0]!.serverTimestampNs);
  });

  test("behavior: hands on the fields that it does not know", async () => {
    const { identity } = grpcClients(await start());
    const signature = Buffer.of(0x1a, 2, 8, 9); // field 3 of CreateInbox
    const clientTimestampNs = Buffer.of(0x10, 5); // field 2 of IdentityUpdate
    const known = toBinary(CreateInboxSchema, createMessage(CreateInboxSchema, { initialIdentifier: "0xA" }));
    const value = fromBinary(CreateInboxSchema, Uint8Array.of(...known, ...signature));
    const identityUpdate = fromBinary(IdentityUpdateSchema, clientTimestampNs);
    identityUpdate.inboxId = inboxId;
    identityUpdate.actions = [createMessage(IdentityActionSchema, { kind: { case: "createInbox", value } })];
    const sent = Buffer.from(toBinary(IdentityUpdateSchema, identityUpdate));
    expect(sent.includes(signature) && sent.includes(clientTimestampNs)).toBe(true);

    await identity.publishIdentityUpdate({ identityUpdate });
    const { responses } = await identity.getIdentityUpdates({ requests: [{ inboxId }] });
    expect(Buffer.from(toBinary(IdentityUpdateSchema, responses[0]!.updates[0]!.update!))).toEqual(sent);
  });

  test("behavior: an inbox is created once, first", async () => {
    const clients = grpcClients(await start());
    await expect(publish(clients, inboxId, add("0xA"))).rejects.toMatchObject({ code: Code.InvalidArgument });
    await publish(clients, inboxId, create("0xA"), add("0xB"));
    await expect(publish(clients, inboxId, create("0xA"))).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect(await inboxIdOf(clients, "0xB")).toBe(inboxId);
  });

  test("behavior: an inbox takes 256 updates", async () => {
    const clients = grpcClients(await start());
    await publish(clients, inboxId, create("0xA"));
    for (let count = 1; count < 256; count += 1) await publish(clients, inboxId, add("0xB"));
    await expect(publish(clients, inboxId, add("0xB"))).rejects.toThrow("inbox log is full");
  });
});

describe("inbox ids", () => {
  test("default", async () => {
    const clients = grpcClients(await start());
    await publish(clients, inboxId, create("0xAbC"));
    const requests = ["0xabc", "0xABC", "0xnone"].map((identifier) => ({ identifier, identifierKind: 1 }));
    const { responses } = await clients.identity.getInboxIds({ requests });
    expect(responses.map((response) => response.identifier)).toEqual(["0xabc", "0xABC", "0xnone"]);
    expect(responses.map((response) => response.inboxId)).toEqual([inboxId, inboxId, undefined]);
  });

  test("behavior: the latest inbox that has not given up the address", async () => {
    const clients = grpcClients(await start());
    await publish(clients, inboxId, create("0xa"));
    await publish(clients, otherInboxId, create("0xb"), add("0xa"));
    expect(await inboxIdOf(clients, "0xa")).toBe(otherInboxId);
    await publish(clients, otherInboxId, revoke("0xA"));
    expect(await inboxIdOf(clients, "0xa")).toBe(inboxId);
    await publish(clients, inboxId, revoke("0xa"));
    expect(await inboxIdOf(clients, "0xa")).toBeUndefined();
  });

  test("behavior: a passkey is not an address", async () => {
    const clients = grpcClients(await start());
    await publish(clients, inboxId, create("0xa", 2));
    expect(await inboxIdOf(clients, "0xa")).toBeUndefined();
  });
});
