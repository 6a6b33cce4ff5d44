import type { Element } from "@xmtp-backup/core";
import { BackupElementSelectionOption } from "@xmtp/node-sdk";

const options = { messages: BackupElementSelectionOption.Messages, consent: BackupElementSelectionOption.Consent } as const;

/** The elements as the SDK names them. */
export function toSdkElements(elements: readonly Element[]): BackupElementSelectionOption[] {
  return elements.map((element) => options[element]);
}

/** The elements that the SDK names. */
export function fromSdkElements(elements: readonly BackupElementSelectionOption[]): Element[] {
  return elements.map((element) => (element === options.messages ? "messages" : "consent"));
}
