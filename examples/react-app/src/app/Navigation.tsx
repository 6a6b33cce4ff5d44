import { hashOf, type Screen, screens } from "@xmtp-backup/example-messenger/words";
import { Icon } from "./Icon.tsx";

export function Navigation({ screen: current }: { screen: Screen }) {
  return (
    <nav className="tabs" aria-label="Main">
      {screens.map(({ screen, title, icon }) => (
        <a key={screen} className="tab" href={hashOf({ screen })} aria-current={screen === current ? "page" : undefined}>
          <Icon name={icon} />
          <span>{title}</span>
        </a>
      ))}
    </nav>
  );
}
