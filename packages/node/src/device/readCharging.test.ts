import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { readCharging } from "./readCharging.ts";

type Supply = { type?: string; online?: string; status?: string; scope?: string };

const laptopMains = { type: "Mains" };
const battery = { type: "Battery", scope: "System" };
const mouse = { type: "Battery", scope: "Device", status: "Discharging" };
const idlePort = { type: "USB", online: "0" };

describe("readCharging", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.dispose());

  async function put(supplies: readonly Supply[]): Promise<void> {
    for (const [index, supply] of supplies.entries()) {
      const directory = join(folder.path, `supply${index}`);
      await mkdir(directory);
      for (const [name, text] of Object.entries(supply)) await writeFile(join(directory, name), `${text}\n`);
    }
  }

  it.each<[string, boolean | undefined, Supply[]]>([
    [
      "a laptop on mains",
      true,
      [
        { ...laptopMains, online: "1" },
        { ...battery, status: "Full" },
      ],
    ],
    [
      "a laptop on mains that spares its battery",
      true,
      [
        { ...laptopMains, online: "1" },
        { ...battery, status: "Not charging" },
      ],
    ],
    [
      "a laptop on battery",
      false,
      [
        { ...laptopMains, online: "0" },
        { ...battery, status: "Discharging" },
      ],
    ],
    [
      "one of two batteries on the charger",
      true,
      [
        { ...laptopMains, online: "1" },
        { ...battery, status: "Discharging" },
        { ...battery, status: "Charging" },
      ],
    ],
    [
      "a laptop with USB ports, one of which gives power",
      true,
      [idlePort, { type: "USB", online: "2" }, { ...battery, status: "Charging" }],
    ],
    [
      "a USB port too weak for the battery",
      false,
      [
        { type: "USB", online: "1" },
        { ...battery, status: "Discharging" },
      ],
    ],
    ["a battery alone that charges", true, [{ ...battery, status: "Charging" }]],
    ["a battery alone that does not", false, [{ type: "Battery", status: "Discharging" }]],
    ["a battery that does not say", undefined, [{ ...battery, status: "Unknown" }]],
    ["a computer with a wireless mouse", undefined, [mouse]],
    ["a computer with USB ports", undefined, [idlePort, idlePort]],
    ["supplies that say nothing", undefined, [{}, { type: "Mains" }]],
    ["no supplies", undefined, []],
  ])("default: %s", async (_name, charging, supplies) => {
    await put(supplies);
    expect(await readCharging(folder.path)).toBe(charging);
  });

  it("parameters: directory: one that is not there tells nothing", async () => {
    expect(await readCharging(join(folder.path, "missing"))).toBeUndefined();
  });
});
