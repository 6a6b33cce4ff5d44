import type { Element } from "@xmtp-backup/core";
import { sdkValues } from "./sdkValues.ts";

/** The elements as the SDK names them. */
export function toSdkElements(elements: readonly Element[]): string[] {
  return elements.map((element) => sdkValues.element[element]);
}

/** The elements that the SDK names. */
export function fromSdkElements(elements: readonly string[]): Element[] {
  return elements.map((element) => (element === sdkValues.element.messages ? "messages" : "consent"));
}
