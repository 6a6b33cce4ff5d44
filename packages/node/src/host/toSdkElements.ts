import type { Element } from "@xmtp-backup/core";

const sdkNames = { messages: "Messages", consent: "Consent" } as const satisfies Record<Element, string>;

/** The elements as the SDK names them. */
export function toSdkElements(elements: readonly Element[]): string[] {
  return elements.map((element) => sdkNames[element]);
}

/** The elements that the SDK names. */
export function fromSdkElements(elements: readonly string[]): Element[] {
  return elements.map((element) => (element === sdkNames.messages ? "messages" : "consent"));
}
