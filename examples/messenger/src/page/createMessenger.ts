import { BehaviorSubject, type Observable } from "rxjs";
import { hasDevice, removeDevice } from "./device.ts";
import { archiveFolder, type OpenSession, openSession } from "./openSession.ts";
import { forgetPolicy } from "./settings.ts";
import { forgetWallet, hasWallet } from "./wallet.ts";
import { askBobToWrite } from "./world.ts";

export type Session =
  | { status: "signedOut"; /** The wallet is known, as after a lost device. */ returning: boolean }
  | { status: "opening" }
  | { status: "failed"; message: string }
  | { status: "open"; session: OpenSession };

/** A messenger without a screen: React and Vue each show it. */
export type Messenger = {
  /** The current session first, then every change. */
  readonly session$: Observable<Session>;
  /** Opens the client of this device, a new installation if there is none, and starts its backups. */
  signIn(): Promise<void>;
  /** Loses what a lost device takes with it: messages, journal and archive key. The archives and the wallet stay. */
  loseDevice(): Promise<void>;
  /** Forgets the wallet, the settings and the archives too. */
  startOver(): Promise<void>;
  /** Bob writes into every conversation, which makes restored ones active: what a real member would do some day. */
  askBobToWrite(): Promise<void>;
};

/** Makes the messenger of this page; one whose device is known signs in by itself. */
export function createMessenger(): Messenger {
  const session = new BehaviorSubject<Session>({ status: "signedOut", returning: hasWallet() });
  let close = (): void => undefined;

  async function signIn(): Promise<void> {
    if (["opening", "open"].includes(session.value.status)) return;
    session.next({ status: "opening" });
    try {
      const opened = await openSession();
      close = opened.close;
      session.next({ status: "open", session: opened.session });
    } catch (error) {
      session.next(failed(error));
    }
  }

  async function loseDevice(): Promise<void> {
    close();
    close = () => undefined;
    session.next({ status: "opening" });
    try {
      await removeDevice();
      session.next({ status: "signedOut", returning: hasWallet() });
    } catch (error) {
      session.next(failed(error));
    }
  }

  async function startOver(): Promise<void> {
    await loseDevice();
    const files = await navigator.storage.getDirectory();
    await files.removeEntry(archiveFolder, { recursive: true }).catch(() => undefined);
    forgetPolicy();
    forgetWallet();
    session.next({ status: "signedOut", returning: false });
  }

  if (hasDevice()) void signIn();
  return { session$: session.asObservable(), signIn, loseDevice, startOver, askBobToWrite };
}

const failed = (error: unknown): Session => ({ status: "failed", message: error instanceof Error ? error.message : String(error) });
