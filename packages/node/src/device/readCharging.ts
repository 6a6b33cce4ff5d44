import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where Linux shows its power supplies: a folder each, with a file for each thing that is known of it. */
export const systemPowerSupplies = "/sys/class/power_supply";

/**
 * Whether the machine is charging or runs on mains power; undefined where nothing tells, as on servers and other systems.
 *
 * Batteries of mice and the like do not count. An idle USB port proves nothing: computers on mains power have those too.
 */
export async function readCharging(directory: string): Promise<boolean | undefined> {
  const names = await readdir(directory).catch(() => []);
  const supplies = await Promise.all(names.map((name) => readSupply(join(directory, name))));
  const ofMachine = supplies.filter(({ scope }) => scope !== "Device");
  const batteries = ofMachine.filter(({ type }) => type === "Battery").map(({ status }) => status);
  const mains = ofMachine.filter(({ type }) => type === "Mains").map(({ online }) => online);
  const others = ofMachine.filter(({ type }) => type !== "Mains" && type !== "Battery").map(({ online }) => online);
  if (mains.some(givesPower)) return true;
  if (batteries.includes("Discharging")) return false;
  if (others.some(givesPower) || batteries.includes("Charging") || batteries.includes("Full")) return true;
  return mains.includes("0") ? false : undefined;
}

/** 0 is off; 1 is on at a fixed voltage, 2 at one that the charger was asked for. */
function givesPower(online: string | undefined): boolean {
  return online === "1" || online === "2";
}

async function readSupply(directory: string) {
  const read = (name: string) =>
    readFile(join(directory, name), "utf8").then(
      (text) => text.trim(),
      () => undefined,
    );
  const [type, scope, online, status] = await Promise.all([read("type"), read("scope"), read("online"), read("status")]);
  return { type, scope, online, status };
}
