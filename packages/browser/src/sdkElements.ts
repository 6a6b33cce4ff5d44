import type { Element } from "@xmtp-backup/core";
import { BackupElementSelectionOption } from "@xmtp/browser-sdk";

const options = { messages: BackupElementSelectionOption.Messages, consent: BackupElementSelectionOption.Consent } as const;

/** The elements as the SDK names them. */
export function toSdkElements(elements: readonly Element[]): BackupElementSelectionOption[] {
  return elements.map((element) => options[element]);
}
