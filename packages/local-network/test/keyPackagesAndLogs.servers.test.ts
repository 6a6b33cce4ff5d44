import { describe, expect, test } from "vitest";

import { groupIdOf, keyPackage } from "./support/mlsBytes.ts";
import { grpcClients } from "./support/rpcClients.ts";
import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();
const installation = (byte: number) => new Uint8Array(32).fill(byte);

describe("key packages", () => {
  test("default", async () => {
    const { mls } = grpcClients(await start());
    const upload = (bytes: Uint8Array) => mls.uploadKeyPackage({ keyPackage: { keyPackageTlsSerialized: bytes } });
    await upload(keyPackage(installation(1), "first"));
    await upload(keyPackage(installation(2)));
    await upload(keyPackage(installation(1), "second"));
    const { keyPackages } = await mls.fetchKeyPackages({ installationKeys: [2, 3, 1].map(installation) });
    expect(keyPackages.map(({ keyPackageTlsSerialized }) => Buffer.from(keyPackageTlsSerialized))).toEqual([
      keyPackage(installation(2)),
      Buffer.alloc(0),
      keyPackage(installation(1), "second"),
    ]);
  });
});

describe("commit log", () => {
  const entry = (group: string, byte: number) => ({
    groupId: groupIdOf(group),
    serializedCommitLogEntry: Uint8Array.of(byte),
    signature: { bytes: Uint8Array.of(byte, byte), publicKey: Uint8Array.of(7) },
  });

  test("default", async () => {
    const { mls } = grpcClients(await start());
    await mls.batchPublishCommitLog({ requests: [entry("a", 1), entry("b", 2), entry("a", 3), entry("a", 3)] });
    const { responses } = await mls.batchQueryCommitLog({
      requests: [
        { groupId: groupIdOf("a"), pagingInfo: { idCursor: 1n, limit: 2 } },
        { groupId: groupIdOf("none") },
        { groupId: groupIdOf("b") },
      ],
    });
    expect(responses.map(({ commitLogEntries }) => commitLogEntries.map(({ sequenceId }) => sequenceId))).toEqual([[3n, 4n], [], [2n]]);
    expect(responses.map(({ pagingInfo }) => pagingInfo?.idCursor)).toEqual([4n, 0n, 0n]);
    const [first] = responses[2]!.commitLogEntries;
    expect([...first!.serializedCommitLogEntry, ...first!.signature!.bytes]).toEqual([2, 2, 2]);
  });
});
