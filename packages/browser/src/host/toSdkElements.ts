import type { Element } from "@xmtp-backup/core";

const sdkNumbers = { messages: 0, consent: 1 } as const satisfies Record<Element, number>;

/** The elements as the SDK names them. */
export function toSdkElements(elements: readonly Element[]): number[] {
  return elements.map((element) => sdkNumbers[element]);
}
