import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { generateArchiveKey } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { stateDirectoryOf } from "../src/host/stateDirectoryOf.ts";
import { backupsOf } from "./support/backupsOf.ts";
import { pathsIn } from "./support/filesIn.ts";
import { startTalk, type Talk } from "./support/talk.ts";

const everything = { elements: ["consent", "messages"] } as const;

describe("stateDirectory", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.world.dispose());

  it("default: lies beside the client's database, or in a temporary folder of its own for one in memory", async () => {
    const { options, env, inboxId, installationId } = talk.phone;
    expect(stateDirectoryOf(talk.phone)).toBe(`${String(options?.dbPath)}.backup`);
    expect(stateDirectoryOf({ options: { dbPath: (inbox: string) => `/data/${inbox}.db3` }, env, inboxId, installationId })).toBe(
      `/data/${inboxId}.db3.backup`,
    );
    const inMemory = { options: { dbPath: null }, env, inboxId, installationId };
    const folder = stateDirectoryOf(inMemory);
    expect(stateDirectoryOf(inMemory)).toBe(folder);
    expect(stateDirectoryOf({ ...inMemory, installationId: "another" })).not.toBe(folder);
    expect(basename(folder)).toMatch(/^xmtp-backup-[A-Za-z0-9]{6}$/);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it("behavior: a start deletes temporary files and cut off notes of processes that have ended, and those only", async () => {
    const { world, alice } = talk;
    const client = await world.open(alice);
    const folder = folderOf(client);
    const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 12);
    const { pid: ended } = spawnSync(process.execPath, ["--version"]);
    const ofProcess = (pid: number) => join(folder, "tmp", `${machine}-${pid}-${crypto.randomUUID()}.tmp`);
    const [temporary, running, elsewhere, cutOff, beingWritten, note] = [
      ofProcess(ended),
      ofProcess(process.ppid),
      join(folder, "tmp", `0123456789ab-1-${crypto.randomUUID()}.tmp`),
      join(folder, client.installationId, `task.json.${crypto.randomUUID()}.part`),
      join(folder, client.installationId, `activation.json.${crypto.randomUUID()}.part`),
      join(folder, client.installationId, "activation.json"),
    ];
    for (const path of [temporary, running, elsewhere, cutOff, beingWritten, note]) {
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(path, "{}");
    }
    await utimes(cutOff, 1, 1);
    await backupsOf(client, talk.newPlaces()).start();
    const left = await pathsIn(stateDirectoryOf(client));
    expect(left.filter((path) => !path.endsWith(".lock")).sort()).toEqual([note, beingWritten, elsewhere, running].sort());
  });

  it("parameters: stateDirectory: clients that share one leave each other's work alone", async () => {
    const { world, alice, phone, bob } = talk;
    const stateDirectory = world.newPath("shared");
    const [alices, bobs, tablets] = [phone, bob, await world.open(alice)].map((client) => nodeHost(client, { stateDirectory }));
    const key = generateArchiveKey();
    const archive = await alices!.exportArchive(everything, key);
    await alices!.journal.write("task", { kind: "backup" });
    const unlock = await alices!.lock.tryAcquire("inbox-alice");

    await bobs!.sweep();
    expect((await archive.blob.arrayBuffer()).byteLength).toBe(archive.blob.size);
    expect([await bobs!.journal.read("task"), await tablets!.journal.read("task")]).toEqual([undefined, undefined]);
    expect(await tablets!.lock.tryAcquire("inbox-alice")).toBeUndefined();
    await unlock?.();
    await archive.release();
    expect((await pathsIn(stateDirectory)).filter((path) => path.endsWith(".tmp"))).toEqual([]);
  });

  it("behavior: kept archives outlive a start, are private, and belong to one installation", async () => {
    const { world, alice } = talk;
    const [client, tablet] = [await world.open(alice), await world.open(alice)];
    const stateDirectory = world.newPath("kept");
    const kept = nodeHost(client, { stateDirectory }).kept;
    await kept?.put("last", new Blob(["abc"]));
    const [path] = await pathsIn(stateDirectory);
    const cutOff = `${path}.${crypto.randomUUID()}.part`;
    await writeFile(cutOff, "");
    await utimes(cutOff, 1, 1);
    await utimes(path ?? "", 1, 1);
    const host = nodeHost(client, { stateDirectory });
    await host.sweep();
    await nodeHost(tablet, { stateDirectory }).sweep();
    expect(await pathsIn(stateDirectory)).toEqual([path]);
    expect([(await stat(path ?? "")).mode & 0o777, (await stat(join(path ?? "", ".."))).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(await (await host.kept?.get("last"))?.text()).toBe("abc");
    expect(await nodeHost(tablet, { stateDirectory }).kept?.list()).toEqual([]);
  });

  it("behavior: temporary files are readable by their owner only, and hold nothing in the clear", async () => {
    const host = nodeHost(talk.phone);
    const { blob, release } = await host.exportArchive(everything, generateArchiveKey());
    expect(Buffer.from(await blob.arrayBuffer()).includes("Shall we take the night train?")).toBe(false);
    await release();
  });
});

function folderOf(client: Client): string {
  return join(stateDirectoryOf(client), client.inboxId);
}
