import { appName, screenTitle, skipText } from "@xmtp-backup/example-messenger/words";
import { type MouseEvent, useEffect, useRef, useState } from "react";
import { ActivationBanner } from "./ActivationBanner.tsx";
import { BackupsScreen } from "./BackupsScreen.tsx";
import { ChatsScreen } from "./ChatsScreen.tsx";
import { Icon } from "./Icon.tsx";
import { Navigation } from "./Navigation.tsx";
import { RestoreWizard } from "./RestoreWizard.tsx";
import { SettingsScreen } from "./SettingsScreen.tsx";
import { StatusChip } from "./StatusChip.tsx";
import { useSignedIn } from "./session.ts";
import { useRoute } from "./useRoute.ts";

/** The frame of every screen: heading, navigation, banner, and the restore wizard above them. */
export function Home() {
  const { session } = useSignedIn();
  const route = useRoute();
  const { screen } = route;
  const conversationId = route.screen === "chats" ? route.conversationId : undefined;
  const [restoring, setRestoring] = useState<{ archiveId?: string } | undefined>(session.offerRestore ? {} : undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(screen);

  useEffect(() => {
    document.title = `${screenTitle(screen)} – ${appName}`;
    if (shown.current !== screen) heading.current?.focus();
    shown.current = screen;
  }, [screen]);

  const skip = (event: MouseEvent) => {
    event.preventDefault();
    main.current?.focus();
  };

  return (
    <div className="app" data-screen={screen} data-open={conversationId !== undefined}>
      <a className="skip" href="#main" onClick={skip}>
        {skipText}
      </a>
      <header className="top">
        <Icon name="anchor" />
        <h1 ref={heading} tabIndex={-1}>
          {screenTitle(screen)}
        </h1>
        <StatusChip />
      </header>
      <Navigation screen={screen} />
      <ActivationBanner />
      <main ref={main} id="main" tabIndex={-1}>
        {screen === "chats" && <ChatsScreen conversationId={conversationId} />}
        {screen === "backups" && <BackupsScreen onRestore={(archiveId) => setRestoring({ archiveId })} />}
        {screen === "settings" && <SettingsScreen />}
      </main>
      {restoring && <RestoreWizard archiveId={restoring.archiveId} onClose={() => setRestoring(undefined)} />}
    </div>
  );
}
