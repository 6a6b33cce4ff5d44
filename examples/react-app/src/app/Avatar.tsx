import { initialsOf } from "@xmtp-backup/example-messenger/words";

export function Avatar({ title }: { title: string }) {
  return (
    <span className="avatar" aria-hidden="true">
      {initialsOf(title)}
    </span>
  );
}
