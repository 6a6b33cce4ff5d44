import type { Device, DeviceEvent, KnownConditions } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectThat } from "./expectations.ts";
import { ownCase } from "./ownCase.ts";

/** A device for each case, and how to make one of its events happen: every watcher hears of it before or after it resolves. */
export type DeviceSetUp = () => Promise<{ device: Device; happen: () => Promise<void>; dispose?: () => Promise<void> }>;

type World = Awaited<ReturnType<DeviceSetUp>>;

const conditionNames = ["online", "metered", "wifi", "charging"] as const satisfies readonly (keyof KnownConditions)[];
const events = ["wake", "online", "changed"] as const satisfies readonly DeviceEvent[];

/** What every `Device` must do. */
export function deviceContract(setUp: DeviceSetUp): ContractCase[] {
  const withDevice = (name: string, run: (world: World) => Promise<void>): ContractCase => ownCase(setUp, name, run);

  return [
    withDevice("default: says what it knows, and nothing of the rest", async ({ device }) => {
      for (const [name, value] of Object.entries(await device.conditions())) {
        expectThat((conditionNames as readonly string[]).includes(name), `${name} is a condition`);
        expectThat(typeof value === "boolean", `${name} is known or absent, got ${String(value)}`);
      }
    }),
    withDevice("behavior: an answer is the caller's own", async ({ device }) => {
      const before = JSON.stringify(await device.conditions());
      const answer = await device.conditions();
      for (const name of conditionNames) answer[name] = !answer[name];
      expectEqual(JSON.stringify(await device.conditions()), before, "the next answer");
    }),
    withDevice("behavior: a watcher hears of what happens", async ({ device, happen }) => {
      const told = nextEvent(device);
      await happen();
      const event = await told;
      expectThat(events.includes(event), `${event} is an event`);
    }),
    withDevice("behavior: watchers are apart: one that stops hears nothing more, the others do", async ({ device, happen }) => {
      let calls = 0;
      const stop = device.watch(() => (calls += 1));
      stop();
      stop();
      const told = nextEvent(device);
      await happen();
      await told;
      expectEqual(calls, 0, "the calls of the one that stopped");
    }),
    withDevice("parameters: signal: an aborted call rejects with its reason", async ({ device }) => {
      await expectAbort((signal) => device.conditions({ signal }), "conditions");
    }),
  ];
}

function nextEvent(device: Device): Promise<DeviceEvent> {
  return new Promise((resolve) => {
    const stop = device.watch((event) => {
      stop();
      resolve(event);
    });
  });
}
