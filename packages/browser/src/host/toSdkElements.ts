import type { Element } from "@xmtp-backup/core";
import { sdkValues } from "./sdkValues.ts";

/** The elements as the SDK names them. */
export function toSdkElements(elements: readonly Element[]): number[] {
  return elements.map((element) => sdkValues.element[element]);
}
