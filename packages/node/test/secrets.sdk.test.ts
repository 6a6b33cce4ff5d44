import { readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { type BackupsOptions, generateArchiveKey, type LogEvent } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
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

/** What machines tell those who inspect them, as text: all data, without the code and the other actors that it names. */
function textOf(told: unknown): string {
  const leftOut = new Set(["machine", "children", "_nodes", "_transitions", "actorRef", "sourceRef", "logic", "src"]);
  const plain = (name: string, value: unknown): unknown => {
    if (leftOut.has(name)) return undefined;
    if (typeof value === "bigint") return String(value);
    if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
    if (value instanceof Error) return { ...value, message: value.message, stack: value.stack, cause: value.cause };
    return value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
  };
  return JSON.stringify(told, plain) ?? "";
}

describe("secrets", () => {
  let talk: Talk;
  let places: Places;
  let fresh: Client;
  const witness = createWitness();
  /** Hears what the machines tell those who inspect them: what the app is shown is in it, names in previews and lists too. */
  const inspected: string[] = [];
  const logged: string[] = [];

  const log = (event: LogEvent, text: string): void => {
    logged.push(event.event);
    witness.hear({ event, text });
  };
  const observed: Partial<BackupsOptions> = {
    logger: { debug: log, info: log, warn: log, error: log },
    inspect(each) {
      inspected.push(textOf(each));
      if (each.type === "@xstate.actor") inspected.push(textOf((each.actorRef as { getSnapshot?(): unknown }).getSnapshot?.()));
    },
  };

  beforeAll(async () => {
    talk = await startTalk();
    const { world, alice, phone, group } = talk;
    places = talk.newPlaces();
    await fileKeys({ path: places.keyPath }).add(key);
    await group.updateName(groupName);
    await group.sendText(message);
    fresh = await world.open(alice);
    const carol = await world.open(world.newPerson());
    const [first, second, stranger] = [
      backupsOf(phone, places, observed),
      backupsOf(fresh, places, observed),
      backupsOf(carol, places, observed),
    ];
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
    const unmounted = backupsOf(phone, places, { ...observed, store: fileStore({ directory: world.newPath("mount"), create: false }) });
    await witness.watch(unmounted, unmounted.backup({ name: archiveName }), phone);
    await witness.watch(
      second,
      second.restore(new Blob([await readFile(join(places.directory, `${entry!.id}.xmtp`))]), { key: generateArchiveKey() }),
      fresh,
    );
    await truncate(join(places.directory, `${entry!.id}.xmtp`), 500);
    await witness.watch(second, second.restore(entry!), fresh);
    await first.start();
    await vi.waitFor(() => expect(logged).toContain("policy.decided"), { timeout: 20_000 });
    first.stop();
    second.stop();
  });
  afterAll(() => talk.world.dispose());

  it("behavior: the witness would hear each of them", async () => {
    const everything = createWitness();
    everything.hear({ key: bytes.toString("hex"), message, archiveName, groupName });
    for (const text of [bytes.toString("hex"), message, archiveName, groupName])
      expect(Buffer.concat(everything.heard).includes(text)).toBe(true);
    expect(witness.heard.length).toBeGreaterThan(100);
    const notes = Buffer.concat(witness.heard).toString("latin1");
    for (const stage of ["exporting", "merging", "storing", "importing", "checking"]) expect(notes).toContain(`"stage":"${stage}"`);
    for (const code of ["KEY_WRONG", "KEY_INVALID", "OPTIONS_INVALID", "ARCHIVE_OTHER_INBOX", "STORE_UNAVAILABLE", "ARCHIVE_TRUNCATED"])
      expect(notes).toContain(code);
  });

  it("behavior: the log and the machines are heard from beginning to end", () => {
    for (const event of [
      "backup.started",
      "backup.succeeded",
      "backup.failed",
      "restore.started",
      "restore.succeeded",
      "restore.failed",
      "policy.decided",
    ])
      expect(logged).toContain(event);
    const told = inspected.join("\n");
    for (const text of ["task.progressed", "task.resolved", "xstate.init", archiveName, "ARCHIVE_TRUNCATED"]) expect(told).toContain(text);
    expect(inspected.length).toBeGreaterThan(200);
    expect(textOf({ key, at: new Error(message) })).toMatch(new RegExp(`${bytes.toString("hex")}.*${message}`));
  });

  it.each(needles.filter(([what]) => what !== "the key" && !what.endsWith("name")))(
    "default: %s is in nothing that machines tell those who inspect them",
    (_what, needle) => {
      expect(inspected.filter((told) => told.includes(needle.toString())).map((told) => told.slice(0, 200))).toEqual([]);
    },
  );

  it.each(needles)("default: %s is in no note, log, error, state, status or temporary file", (_what, needle) => {
    expect(witness.heard.filter((heard) => heard.includes(needle)).map((heard) => heard.toString("latin1").slice(0, 200))).toEqual([]);
  });

  it.each(needles)("default: %s is in no file but the key file", async (_what, needle) => {
    const found: string[] = [];
    for (const path of await pathsIn(talk.world.folder)) {
      // A note that is written to just now is there for a moment under another name.
      const held = await readFile(path).catch(() => Buffer.alloc(0));
      if (held.includes(needle) || path.includes(needle.toString("latin1"))) found.push(path);
    }
    expect(found.filter((path) => path !== places.keyPath)).toEqual([]);
  });
});
