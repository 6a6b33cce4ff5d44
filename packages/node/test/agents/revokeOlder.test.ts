import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { revokeOlder } from "../../src/agents/revokeOlder.ts";

async function stage() {
  const host = fakeHost({ inbox: fakeInbox(), installations: [
    { id: "aa", isOwn: false, createdAtMs: 1 },
    { id: "bb", isOwn: false, createdAtMs: 9 },
    { id: "cc", isOwn: false },
  ] });
  const listInstallations = async () => (await host.listInstallations()).map((each) => (each.isOwn ? { ...each, createdAtMs: 5 } : each));
  const backups = createBackups({ host, store: memoryStore(), keys: memoryKeys(generateArchiveKey()) });
  const revoked: string[] = [];
  const client = { ...(await host.identity()), revokeInstallations: async (ids: Uint8Array[]) => void revoked.push(...ids.map((id) => Buffer.from(id).toString("hex"))) };
  return { backups, revoked, revoke: () => revokeOlder(client, { listInstallations }, backups), client };
}

describe("revokeOlder", () => {
  it("default: revokes what is known to be older, once there is a whole archive of this installation", async () => {
    const { backups, revoke, revoked } = await stage();
    expect([await revoke(), revoked]).toEqual([false, []]);
    await backups.backup().result;
    expect([await revoke(), revoked]).toEqual([true, ["aa"]]);
  });

  it.each([{ elements: ["messages" as const] }, { endNs: 1_800_000_000_000_000_000n }])("behavior: an archive that is not whole counts for nothing: %o", async (options) => {
    const { backups, revoke, revoked } = await stage();
    await backups.backup(options).result;
    expect([await revoke(), revoked]).toEqual([false, []]);
  });

  it("behavior: archives of another installation count for nothing", async () => {
    const { backups, revoke, revoked, client } = await stage();
    await backups.backup().result;
    client.installationId = "dd";
    expect([await revoke(), revoked]).toEqual([false, []]);
  });
});
