import { setTimeout as wait } from "node:timers/promises";
import type { Group } from "@xmtp/node-sdk";
import { median } from "../shared/figure.ts";
import { secondsOf } from "../shared/timed.ts";

/** The SDK makes at most 5,000 calls a minute, two for each message: a faster loop would measure how it waits. */
const everyMs = 60;

/** Sends messages one after the other while a loop is to go on, and gives the median time until one is out, in seconds. */
export async function sendWhile(group: Group, goesOn: (sent: number) => boolean): Promise<number> {
  const times: number[] = [];
  while (goesOn(times.length)) {
    times.push(await secondsOf(() => group.sendText(`Message ${times.length}`)));
    await wait(everyMs);
  }
  return median(times);
}
