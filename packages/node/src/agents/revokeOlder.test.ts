import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { revokeOlder } from "./revokeOlder.ts";

/** An inbox with an older container, an app that never wrote here, and others, in a place where the containers made archives. */
async function stage() {
  const [store, keys, inbox] = [memoryStore(), memoryKeys(generateArchiveKey()), fakeInbox()];
  for (const installationId of ["aa", "bb", "cc"])
    await createBackups({ host: fakeHost({ installationId, inbox }), store, keys }).backup().result;
  await createBackups({ host: fakeHost({ installationId: "ee", inboxId: "b".repeat(64) }), store, keys }).backup().result;
  const host = fakeHost({
    inbox,
    installations: [
      { id: "aa", isOwn: false, createdAtMs: 1 },
      { id: "bb", isOwn: false, createdAtMs: 9 },
      { id: "cc", isOwn: false },
      { id: "dd", isOwn: false, createdAtMs: 1 },
      { id: "ee", isOwn: false, createdAtMs: 1 },
    ],
  });
  const times: { ownMs: number | undefined } = { ownMs: 5 };
  const listInstallations = async () =>
    (await host.listInstallations()).map(({ createdAtMs, ...each }) => {
      const atMs = each.isOwn ? times.ownMs : createdAtMs;
      return { ...each, ...(atMs !== undefined && { createdAtMs: atMs }) };
    });
  const backups = createBackups({ host, store, keys });
  const revoked: string[] = [];
  const client = {
    ...(await host.identity()),
    revokeInstallations: async (ids: Uint8Array[]) => void revoked.push(...ids.map((id) => Buffer.from(id).toString("hex"))),
  };
  return { backups, revoked, revoke: () => revokeOlder(client, { listInstallations }, backups), client, times };
}

describe("revokeOlder", () => {
  it("default: revokes older containers with an archive here alone, once there is a whole archive of this installation", async () => {
    const { backups, revoke, revoked } = await stage();
    expect([await revoke(), revoked]).toEqual([false, []]);
    await backups.backup().result;
    expect([await revoke(), revoked]).toEqual([true, ["aa"]]);
  });

  it.each([{ elements: ["messages" as const] }, { endNs: 1_800_000_000_000_000_000n }])(
    "behavior: an archive that is not whole counts for nothing: %o",
    async (options) => {
      const { backups, revoke, revoked } = await stage();
      await backups.backup(options).result;
      expect([await revoke(), revoked]).toEqual([false, []]);
    },
  );

  it("behavior: archives of another installation count for nothing", async () => {
    const { backups, revoke, revoked, client } = await stage();
    await backups.backup().result;
    client.installationId = "ff";
    expect([await revoke(), revoked]).toEqual([false, []]);
  });

  it("behavior: looks again later while it is not known how old this installation is", async () => {
    const { backups, revoke, revoked, times } = await stage();
    await backups.backup().result;
    times.ownMs = undefined;
    expect([await revoke(), revoked]).toEqual([false, []]);
    times.ownMs = 5;
    expect([await revoke(), revoked]).toEqual([true, ["aa"]]);
  });
});
