import { guardPage, persistStorage, shareBackups, type TabRole } from "@xmtp-backup/browser";
import type { Backups } from "@xmtp-backup/core";
import { type OpenDevice, openDevice } from "./openDevice.ts";
import { type OpenSession, openSession } from "./openSession.ts";
import { walletSigner } from "./wallet.ts";

/** What this tab is of a session that all tabs of the browser share: one has the client and the chats. */
export type TabSession =
  | { status: "opening" }
  | { status: "failed"; message: string }
  | { status: "open"; session: OpenSession }
  /** Another tab has the chats; the backups can be seen and used from here too, and this tab goes on when that one is closed. */
  | { status: "elsewhere"; backups: Backups };

export type JoinedSession = {
  /** Takes no more part; `remove` is called while no tab has the client open. */
  leave(remove: () => Promise<void>): Promise<void>;
};

export const failed = (error: unknown): TabSession & { status: "failed" } => ({
  status: "failed",
  message: error instanceof Error ? error.message : String(error),
});

/** Opens the device in this tab, or follows the tab that has it open. */
export async function joinSession(show: (session: TabSession) => void): Promise<JoinedSession> {
  const { identifier: name } = await walletSigner().getIdentifier();
  let device: OpenDevice | undefined;
  let failure: unknown;
  let remove = async (): Promise<void> => undefined;

  const backups = shareBackups({
    name,
    async open() {
      try {
        device = await openDevice();
      } catch (error) {
        failure = error;
        throw error;
      }
      const { client } = device;
      const close = async () => {
        client.close();
        await remove();
      };
      return { backups: device.backups, close };
    },
  });
  const endGuard = guardPage(backups);
  void persistStorage();

  async function showRole(role: TabRole): Promise<void> {
    if (role === "failed") return show(failed(failure));
    if (role === "following") return show({ status: "elsewhere", backups });
    show({ status: "opening" });
    if (role === "leading" && device) show({ status: "open", session: await openSession(device, backups) });
  }

  const roles = backups.role$.subscribe((role) => void showRole(role).catch((error: unknown) => show(failed(error))));

  return {
    async leave(removeAll) {
      let outcome = Promise.resolve();
      remove = () => (outcome = removeAll());
      roles.unsubscribe();
      endGuard();
      await backups.current()?.task.cancel();
      await backups.stop();
      await outcome;
    },
  };
}
