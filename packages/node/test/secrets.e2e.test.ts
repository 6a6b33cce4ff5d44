import { readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { generateArchiveKey } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/fileKeys.ts";
import { fileStore } from "../src/fileStore.ts";
import { backupsOf, type Places } from "./support/backupsOf.ts";
import { pathsIn } from "./support/filesIn.ts";
import { startTalk, type Talk } from "./support/talk.ts";
import { createWitness } from "./support/witness.ts";

const key = generateArchiveKey();
const message = "The safe opens with 4711-zulu";
const archiveName = "Before I leave Carol";
const groupName = "Surprise for Dave";

const bytes = Buffer.from(key);
const needles: [what: string, needle: Buffer][] = [
  ["the key", bytes],
  ["the key in hex", Buffer.from(bytes.toString("hex"))],
  ["the key in upper-case hex", Buffer.from(bytes.toString("hex").toUpperCase())],
  ["the key in base64", Buffer.from(bytes.toString("base64").replace(/=+$/, ""))],
  ["the key in base64url", Buffer.from(bytes.toString("base64url"))],
  ["the key as numbers", Buffer.from([...bytes].join(","))],
  ["the key as inspected", Buffer.from([...bytes.subarray(0, 12)].join(", "))],
  ["a message", Buffer.from(message)],
  ["the archive's name", Buffer.from(archiveName)],
  ["a group's name", Buffer.from(groupName)],
];

describe("secrets", () => {
  let talk: Talk;
  let places: Places;
  let fresh: Client;
  const witness = createWitness();

  beforeAll(async () => {
    talk = await startTalk();
    const { world, alice, phone, group } = talk;
    places = talk.newPlaces();
    await fileKeys({ path: places.keyPath }).add(key);
    await group.updateName(groupName);
    await group.sendText(message);
    fresh = await world.open(alice);
    const carol = await world.open(world.newPerson());
    const [first, second, stranger] = [backupsOf(phone, places), backupsOf(fresh, places), backupsOf(carol, places)];
    for (const { status$, activation$ } of [first, second, stranger]) {
      status$.subscribe((status) => witness.hear(status));
      activation$.subscribe((activation) => witness.hear(activation));
    }
    await witness.watch(first, first.backup({ name: archiveName }), phone);
    await witness.watch(first, first.backup({ name: archiveName.repeat(20) }), phone);
    const [entry] = await first.list();
    await witness.watch(second, second.restore(entry!), fresh);
    await witness.watch(second, second.restore(entry!, { key: generateArchiveKey() }), fresh);
    await witness.watch(second, second.restore(entry!, { key: key.subarray(1) }), fresh);
    await witness.watch(stranger, stranger.restore(entry!), carol);
    const unmounted = backupsOf(phone, places, { store: fileStore({ directory: world.newPath("mount"), create: false }) });
    await witness.watch(unmounted, unmounted.backup({ name: archiveName }), phone);
    await witness.watch(second, second.restore(new Blob([await readFile(join(places.directory, `${entry!.id}.xmtp`))]), { key: generateArchiveKey() }), fresh);
    await truncate(join(places.directory, `${entry!.id}.xmtp`), 500);
    await witness.watch(second, second.restore(entry!), fresh);
    await first.start();
    second.stop();
  });
  afterAll(() => talk.world.dispose());

  it("behavior: the witness would hear each of them", async () => {
    const everything = createWitness();
    everything.hear({ key: bytes.toString("hex"), message, archiveName, groupName });
    for (const text of [bytes.toString("hex"), message, archiveName, groupName]) expect(Buffer.concat(everything.heard).includes(text)).toBe(true);
    expect(witness.heard.length).toBeGreaterThan(100);
    const notes = Buffer.concat(witness.heard).toString("latin1");
    for (const stage of ["exporting", "merging", "storing", "importing", "checking"]) expect(notes).toContain(`"stage":"${stage}"`);
    for (const code of ["KEY_WRONG", "KEY_INVALID", "OPTIONS_INVALID", "ARCHIVE_OTHER_INBOX", "STORE_UNAVAILABLE", "ARCHIVE_TRUNCATED"]) expect(notes).toContain(code);
  });

  it.each(needles)("default: %s is in no note, error, state, status or temporary file", (_what, needle) => {
    expect(witness.heard.filter((heard) => heard.includes(needle)).map((heard) => heard.toString("latin1").slice(0, 200))).toEqual([]);
  });

  it.each(needles)("default: %s is in no file but the key file", async (_what, needle) => {
    const found: string[] = [];
    for (const path of await pathsIn(talk.world.folder)) if ((await readFile(path)).includes(needle) || path.includes(needle.toString("latin1"))) found.push(path);
    expect(found.filter((path) => path !== places.keyPath)).toEqual([]);
  });
});
