import { BehaviorSubject, type Observable } from "rxjs";
import { hasDevice, removeDevice } from "./device.ts";
import { failed, type JoinedSession, joinSession, type TabSession } from "./joinSession.ts";
import { archiveFolder } from "./openDevice.ts";
import { forgetPolicy } from "./settings.ts";
import { forgetWallet, hasWallet } from "./wallet.ts";
import { askBobToWrite } from "./world.ts";

export type Session = { status: "signedOut" /** The wallet is known, as after a lost device. */; returning: boolean } | TabSession;

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

/** Makes the messenger of this page; one whose device is known signs in automatically. */
export function createMessenger(): Messenger {
  const session = new BehaviorSubject<Session>({ status: "signedOut", returning: hasWallet() });
  const show = (next: Session) => session.next(next);
  let joined: JoinedSession | undefined;

  async function leave(remove: () => Promise<void>): Promise<void> {
    await (joined ? joined.leave(remove) : remove());
    joined = undefined;
  }

  async function signIn(): Promise<void> {
    if (!["signedOut", "failed"].includes(session.value.status)) return;
    show({ status: "opening" });
    try {
      await leave(async () => undefined);
      joined = await joinSession(show);
    } catch (error) {
      show(failed(error));
    }
  }

  async function forget(remove: () => Promise<void>): Promise<void> {
    show({ status: "opening" });
    try {
      await leave(remove);
      show({ status: "signedOut", returning: hasWallet() });
    } catch (error) {
      show(failed(error));
    }
  }

  if (hasDevice()) void signIn();
  return {
    session$: session.asObservable(),
    signIn,
    loseDevice: () => forget(removeDevice),
    startOver: () => forget(removeEverything),
    askBobToWrite,
  };
}

async function removeEverything(): Promise<void> {
  await removeDevice();
  const files = await navigator.storage.getDirectory();
  await files.removeEntry(archiveFolder, { recursive: true }).catch(() => undefined);
  forgetPolicy();
  forgetWallet();
}
