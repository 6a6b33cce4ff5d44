import type { IconName } from "@xmtp-backup/example-messenger/words";
import { Icon } from "./Icon.tsx";

type IconButtonProps = {
  icon: IconName;
  label: string;
  /** What it is about, for those who don't see where the button stands. */
  about: string;
  /** For a button that stays pressed. */
  isPressed?: boolean;
  onClick(): void;
};

export function IconButton({ icon, label, about, isPressed, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      title={label}
      aria-label={`${label}: ${about}`}
      aria-pressed={isPressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
