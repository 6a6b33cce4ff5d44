// The script of a page: the same comparisons in a browser.
import { browserPrimitives } from "../../packages/browser/src/host/browserPrimitives.ts";
import { batched, recordByRecord } from "./openWays.ts";
import { sealRecords } from "./sealedRecords.ts";
import { unpackWays } from "./unpackWays.ts";
import { compareWays, type Speeds } from "./way.ts";

export async function openSpeeds(count: number, contentBytes: number): Promise<Speeds> {
  const records = await sealRecords(count, contentBytes);
  const asPage = { ...batched(records, browserPrimitives), name: "as a page does" };
  return compareWays([asPage, batched(records), ...(await recordByRecord(records))], count * contentBytes);
}

export async function unpackSpeeds(path: string): Promise<Speeds> {
  const frame = new Uint8Array(await (await fetch(path)).arrayBuffer());
  return compareWays(await unpackWays(frame), frame.length);
}
