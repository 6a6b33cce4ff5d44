import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, DeviceEvent } from "@xmtp-backup/core";
import { fakeClock } from "@xmtp-backup/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { type NetworkAddress, nodeDevice } from "./nodeDevice.ts";

const loopback = { address: "127.0.0.1", internal: true };
const lan = { address: "192.0.2.7", internal: false };

describe("nodeDevice", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.dispose());

  /** A device over a network and a mains plug of the test's own, looked at each second of a clock that the test moves. */
  async function laptop() {
    const clock = fakeClock();
    let timers = 0;
    const counted: Clock = {
      ...clock,
      setTimeout(callback, delayMs) {
        timers += 1;
        return clock.setTimeout(() => {
          timers -= 1;
          callback();
        }, delayMs);
      },
    };
    const events: DeviceEvent[] = [];
    const places = { addresses: [loopback, lan] as NetworkAddress[] | "unreadable", looks: 0 };
    const interfaces = () => {
      places.looks += 1;
      if (places.addresses === "unreadable") throw new Error("EACCES");
      return { any: places.addresses };
    };
    const plug = async (online: "0" | "1") => {
      await mkdir(join(folder.path, "AC"), { recursive: true });
      await writeFile(join(folder.path, "AC", "type"), "Mains\n");
      await writeFile(join(folder.path, "AC", "online"), `${online}\n`);
    };
    await plug("1");
    const device = nodeDevice({ clock: counted, pollMs: 1_000, powerSupplyDirectory: folder.path, interfaces });
    /** Lets each watch look once more, and waits until it has. */
    const look = async ({ sleepMs = 0, watches = 1 } = {}) => {
      clock.sleep(sleepMs);
      clock.advance(1_000);
      await vi.waitFor(() => expect(timers).toBe(watches), { interval: 1 });
    };
    return { device, clock, events, places, plug, look };
  }

  it("default: knows whether it is online and charging, and nothing of Wi-Fi and meters", async () => {
    const { device, places, plug } = await laptop();
    expect(await device.conditions()).toEqual({ online: true, charging: true });
    places.addresses = [loopback];
    await plug("0");
    expect(await device.conditions()).toEqual({ online: false, charging: false });
  });

  it("default: of this machine too", async () => {
    const { online } = await nodeDevice().conditions();
    expect([true, false, undefined]).toContain(online);
  });

  it("behavior: what can't be read is absent", async () => {
    const interfaces = () => {
      throw new Error("EACCES");
    };
    expect(await nodeDevice({ interfaces, powerSupplyDirectory: join(folder.path, "missing") }).conditions()).toEqual({});
    expect(await nodeDevice({ interfaces: () => ({}), powerSupplyDirectory: folder.path }).conditions()).toEqual({});
  });

  it("behavior: an address that the machine gave itself is no network", async () => {
    for (const address of ["169.254.7.7", "fe80::1", "FEBF::1"]) {
      const interfaces = () => ({ lo: [loopback], eth0: [{ address, internal: false }] });
      expect(await nodeDevice({ interfaces, powerSupplyDirectory: folder.path }).conditions()).toEqual({ online: false });
    }
  });

  it("behavior: says what changes: the network that is back as online, all else as changed", async () => {
    const { device, events, places, plug, look } = await laptop();
    const stop = device.watch((event) => events.push(event));
    await look();
    expect(events).toEqual([]);
    places.addresses = [loopback];
    await look();
    expect(events).toEqual(["changed"]);
    places.addresses = [loopback, lan];
    await look();
    expect(events).toEqual(["changed", "online"]);
    await plug("0");
    await look();
    expect(events).toEqual(["changed", "online", "changed"]);
    stop();
  });

  it("behavior: a timer that is late by more than a minute means that the machine slept", async () => {
    const { device, events, look } = await laptop();
    const stop = device.watch((event) => events.push(event));
    await look({ sleepMs: 50_000 });
    expect(events).toEqual([]);
    await look({ sleepMs: 70_000 });
    expect(events).toEqual(["wake"]);
    await look();
    expect(events).toEqual(["wake"]);
    stop();
  });

  it("behavior: a network that can't be looked at and a broken listener end nothing", async () => {
    const { device, events, places, look } = await laptop();
    const stops = [
      device.watch(() => {
        throw new Error("The listener is broken.");
      }),
      device.watch((event) => events.push(event)),
    ];
    places.addresses = "unreadable";
    await look({ watches: 2 });
    places.addresses = [loopback];
    await look({ watches: 2 });
    places.addresses = [lan];
    await look({ watches: 2 });
    expect(events).toEqual(["changed", "changed", "online"]);
    stops.forEach((stop) => stop());
  });

  it("behavior: one that stopped looks no more", async () => {
    const { device, events, places, clock, look } = await laptop();
    const stop = device.watch((event) => events.push(event));
    await look();
    stop();
    const { looks } = places;
    clock.sleep(3_600_000);
    clock.advance(3_600_000);
    expect([events, places.looks]).toEqual([[], looks]);
  });

  it("behavior: a watch lets the process end", async () => {
    const script = `import { nodeDevice } from "@xmtp-backup/node"; nodeDevice().watch(() => {}); console.log("watching");`;
    const child = spawn(process.execPath, ["--conditions=@xmtp-backup/source", "--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(said).toBe("watching\n");
  });
});
