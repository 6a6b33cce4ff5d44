import { listen } from "../loopback.ts";

/** A port of loopback that was free a moment ago: for a program that can't choose one and tell it. */
export async function freePort(): Promise<number> {
  const { url, close } = await listen(() => {});
  await close();
  return Number(new URL(url).port);
}
