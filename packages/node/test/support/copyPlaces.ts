import { cp } from "node:fs/promises";
import { type Places, placesIn } from "./backupsOf.ts";

/** The same archives and the same key in another folder. */
export async function copyPlaces(from: Places, toFolder: string): Promise<Places> {
  const to = placesIn(toFolder);
  await cp(from.directory, to.directory, { recursive: true });
  await cp(from.keyPath, to.keyPath);
  return to;
}
