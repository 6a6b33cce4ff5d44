import { readdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { expectRefused } from "./support/expectRefused.ts";
import { pathsIn } from "./support/filesIn.ts";
import { startTalk, type Talk } from "./support/talk.ts";

const names: [title: string, name: string][] = [
  ["words", "Before iOS update"],
  ["emoji", "👨‍👩‍👧‍👦 vor dem Umzug 🚚 — مهم"],
  ["200 characters", "🎒".repeat(200)],
  ["a path upwards", "../../etc"],
  ["an absolute path", "/etc/passwd"],
  ["a path of Windows", "..\\..\\CON"],
  ["control characters", "line one\nline two\u0000\u001b[31m"],
  ["what JSON and a manifest are made of", '","sealed":"x"}.manifest.json'],
];

describe("names", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.world.dispose());

  it.each(names)("parameters: name: %s", async (_title, name) => {
    const places = talk.newPlaces();
    const backups = backupsOf(talk.phone, places);
    const { entry } = await backups.backup({ name }).result;
    const [listed] = await backups.list();
    expect([entry.details?.name, listed?.details?.name]).toEqual([name, name]);
    expect((await backups.inspect(entry)).name).toBe(name);

    expect(entry.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await readdir(places.directory)).sort()).toEqual([`${entry.id}.manifest.json`, `${entry.id}.xmtp`]);
    for (const file of await pathsIn(places.directory)) expect((await readFile(file)).includes(Buffer.from(name))).toBe(false);
    expect((await backupsOf(talk.bob, places).list())[0]?.details?.name).toBe(name);
  });

  it("behavior: nothing is written outside the places that the app named", async () => {
    const { phone, world } = talk;
    const places = talk.newPlaces();
    const before = await readdir(world.folder);
    await backupsOf(phone, places).backup({ name: "../../etc" }).result;
    const added = (await readdir(world.folder)).filter(
      (name) => !before.includes(name) && name !== `${basename(String(phone.options?.dbPath))}.backup`,
    );
    expect(added).toEqual([basename(dirname(places.directory))]);
    expect((await readdir(dirname(places.directory))).sort()).toEqual(["archives", "keys"]);
  });

  it("parameters: name: one of 201 characters is refused", async () => {
    const places = talk.newPlaces();
    const backups = backupsOf(talk.phone, places);
    const refused = () => backups.backup({ name: "🎒".repeat(201) }).result;
    await expectRefused({ client: talk.phone, directory: places.directory }, "OPTIONS_INVALID", refused);
  });
});
