import { type Backups, type BackupsLink, keepStarting, type Logger, serveBackups } from "@xmtp-backup/core";
import { browserDevice } from "../device/browserDevice.ts";

/** What a tab opened in order to lead, and how it is closed when it leads no more but stays open. */
export type OpenedBackups = {
  backups: Backups;
  /** Closes the XMTP client, so that another tab can open one; its database has room for one client at a time. */
  close?(): void | Promise<void>;
};

export type LeadOptions = {
  link: BackupsLink;
  open(): Promise<OpenedBackups>;
  /** Aborts when this tab is to lead no more. */
  signal: AbortSignal;
  /** The backups are there; they start next. */
  onOpen(backups: Backups): void;
  /** Hears of a start that fails. */
  logger: Logger | false | undefined;
};

/**
 * Opens the backups, starts them and serves them to the other tabs until `signal` aborts; resolves when they are closed.
 *
 * @throws whatever `open` rejects with
 */
export async function leadBackups({ link, open, signal, onOpen, logger }: LeadOptions): Promise<void> {
  const server = serveBackups(link);
  const opened = await open().catch((error: unknown) => {
    server.fail(error);
    throw error;
  });
  const backups = { ...opened.backups, start: once(opened.backups.start) };
  if (!signal.aborted) {
    onOpen(backups);
    server.open(backups);
    void keepStarting(backups, { signal, device: browserDevice(), ...(logger !== undefined && { logger }) });
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
  backups.stop();
  server.close();
  await opened.close?.();
}

/** The same promise for all who call it, until it has failed. Each tab may start the backups, and learns what was interrupted. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= run().catch((error: unknown) => {
      running = undefined;
      throw error;
    }));
}
