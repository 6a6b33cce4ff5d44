import { hashOf, statusChip } from "@xmtp-backup/example-messenger/words";
import { useBackupStatus } from "@xmtp-backup/react";
import { Icon } from "./Icon.tsx";

/** The state of the backups in a word or two, on every screen. */
export function StatusChip() {
  const { icon, text } = statusChip(useBackupStatus());
  return (
    <a className={`chip chip-${icon}`} href={hashOf({ screen: "backups" })}>
      <Icon name={icon} />
      <span>{text}</span>
    </a>
  );
}
