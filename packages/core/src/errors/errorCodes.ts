type CodeFacts = {
  /** What of the user's data is untouched. */
  kept: string;
  /** What a person can do now. */
  next: string;
  /** Whether the same call can succeed later without anybody changing anything. */
  retryable: boolean;
};

const nothingTouched = "Nothing was changed.";
const archivesKept = "Every archive that was stored before is unchanged.";
const clientKept = "The client's conversations and messages are unchanged.";

/** Every way in which the plugin refuses or fails; each has a section in `docs/errors.md`. */
export const errorCodes = {
  KEY_INVALID: { kept: nothingTouched, next: "Pass exactly 32 random bytes, for example from generateArchiveKey().", retryable: false },
  KEY_MISSING: { kept: nothingTouched, next: "Put the archive key into the key store, or ask the user for it.", retryable: false },
  KEY_WRONG: { kept: nothingTouched, next: "Use the key that the archive was made with; its fingerprint is in the list of archives.", retryable: false },
  PHRASE_INVALID: { kept: nothingTouched, next: "Compare the words with those that were written down, one by one.", retryable: false },
  SECRET_WRONG: { kept: nothingTouched, next: "Check what was entered and try again, or open the key ring with another of its slots.", retryable: false },
  PASSPHRASE_WEAK: { kept: nothingTouched, next: "Choose a longer passphrase, for example five words drawn by lot, or insist on this one.", retryable: false },
  SLOT_NEEDED: { kept: nothingTouched, next: "Add another slot first; then this one can be removed.", retryable: false },
  SLOT_FAILED: { kept: nothingTouched, next: "Try again, or open the key ring with another of its slots.", retryable: true },
  SLOT_UNUSABLE: { kept: "The key ring is unchanged: the slot was not added.", next: "Add a slot of another kind.", retryable: false },
  PASSKEY_UNSUPPORTED: { kept: nothingTouched, next: "Use a recovery phrase or a passphrase here, or a passkey of another device.", retryable: false },
  KEY_RING_DAMAGED: { kept: archivesKept, next: "Make the key ring anew on a device that still has the keys, or put an older copy of it back in its place.", retryable: false },
  KEY_RING_MISSING: {
    kept: "The keys on this device and every archive are unchanged.",
    next: "Write the key ring back from a device that knows it, with putBack, or make a new one with renew.",
    retryable: false,
  },
  KEY_RING_ROLLED_BACK: {
    kept: "No key was added to the older key ring, and none was taken from it.",
    next: "Write the newest key ring back from this device, with putBack, or make a new one with renew.",
    retryable: false,
  },
  KEY_RING_VERSION_UNSUPPORTED: { kept: "The key ring was left as it is.", next: "Update the app: a newer one wrote this key ring.", retryable: false },
  KEY_STORE_FAILED: { kept: nothingTouched, next: "Check that the place where the key is kept can be read and written.", retryable: true },
  KEYCHAIN_UNAVAILABLE: {
    kept: nothingTouched,
    next: "Unlock the system's keychain, or allow the app to use it. Where there is none, keep the key in a file on a mounted secret, or open a key ring by a vault.",
    retryable: false,
  },
  OPTIONS_INVALID: { kept: nothingTouched, next: "Correct the option that the message names.", retryable: false },
  POLICY_INVALID: { kept: nothingTouched, next: "Correct the setting of the policy that the message names.", retryable: false },
  STORE_UNAVAILABLE: { kept: archivesKept, next: "Check that the place for archives exists and can be reached, then try again.", retryable: true },
  STORE_UNSUPPORTED: { kept: archivesKept, next: "Update the browser, or choose another place for archives.", retryable: false },
  STORE_DENIED: { kept: archivesKept, next: "Give the app permission to read and write the place for archives.", retryable: false },
  STORE_UNAUTHENTICATED: { kept: archivesKept, next: "Sign in to the place for archives again, then back up.", retryable: false },
  STORE_CLOCK_SKEWED: { kept: archivesKept, next: "Set this device's date and time, then try again.", retryable: false },
  STORE_FULL: { kept: archivesKept, next: "Free space or choose another place, then back up again.", retryable: false },
  STORE_FAILED: { kept: archivesKept, next: "Try again; if it stays, look at the cause.", retryable: true },
  STORE_MISMATCH: { kept: archivesKept, next: "The place for archives did not keep what it was given. Try again or choose another place.", retryable: true },
  STORE_CONFLICT: { kept: "What another device or process wrote is unchanged.", next: "Read it again and repeat the change.", retryable: true },
  STORE_MOVE_REFUSED: {
    kept: archivesKept,
    next: "Have the server, or the proxy before it, accept the address that MOVE requests carry in their Destination header.",
    retryable: false,
  },
  ARCHIVE_NOT_FOUND: { kept: nothingTouched, next: "List the archives again and choose one that exists.", retryable: false },
  HISTORY_MISSING: {
    kept: nothingTouched,
    next: "Check that the right place for archives is mounted. Where there is no archive yet, accept the missing history once.",
    retryable: false,
  },
  ARCHIVE_OTHER_INBOX: { kept: clientKept, next: "Choose an archive of this inbox, or pass allowOtherInbox if the user insists.", retryable: false },
  ARCHIVE_OTHER_NETWORK: {
    kept: clientKept,
    next: "Choose an archive of this network, or pass allowOtherNetwork if the user moves from one network to the other.",
    retryable: false,
  },
  ARCHIVE_EMPTY: { kept: clientKept, next: "Choose another archive; this file has no bytes.", retryable: false },
  ARCHIVE_FOREIGN: { kept: clientKept, next: "Choose a file that XMTP's archive export made.", retryable: false },
  ARCHIVE_TRUNCATED: { kept: clientKept, next: "Fetch the archive again or choose an older one; its end is missing.", retryable: false },
  ARCHIVE_DAMAGED: { kept: clientKept, next: "Fetch the archive again or choose an older one.", retryable: false },
  ARCHIVE_KEY_OR_DAMAGE: { kept: clientKept, next: "Check the key first; if it is the right one, the archive is damaged.", retryable: false },
  ARCHIVE_VERSION_UNSUPPORTED: { kept: clientKept, next: "Update the app: a newer one made this archive.", retryable: false },
  DEVICE_FULL: {
    kept: "Every archive that was stored before is unchanged, and what was imported so far stays.",
    next: "Free space on this device, then try again.",
    retryable: false,
  },
  CLIENT_CLOSED: { kept: nothingTouched, next: "Create the XMTP client again and call createBackups with it.", retryable: false },
  SDK_UNSUPPORTED: { kept: nothingTouched, next: "Install the version of the XMTP SDK that the message names, then open the client again.", retryable: false },
  EXPORT_FAILED: { kept: archivesKept, next: "Try again; if it stays, look at the cause.", retryable: true },
  IMPORT_FAILED: { kept: "What was imported so far stays; an import only adds.", next: "Restore again: what is there already is not duplicated.", retryable: true },
  IMPORT_STALLED: { kept: "What was imported so far stays; an import only adds.", next: "Restart the app and restore again: what is there already is not duplicated.", retryable: true },
  HOST_FAILED: { kept: nothingTouched, next: "Try again; if it stays, look at the cause.", retryable: true },
  HISTORY_SYNC_FAILED: { kept: nothingTouched, next: "Check that the history server can be reached and that another installation has offered its history, then try again.", retryable: true },
  HISTORY_SYNC_UNSUPPORTED: { kept: nothingTouched, next: "Restore an archive instead; this host has no history sync.", retryable: false },
  JOURNAL_FAILED: { kept: archivesKept, next: "Check that the plugin's own folder can be written.", retryable: true },
  TASK_IN_PROGRESS: { kept: nothingTouched, next: "Wait until the running backup or restore has ended.", retryable: true },
  TABS_UNSUPPORTED: {
    kept: nothingTouched,
    next: "Call shareBackups in the browser only; elsewhere use createBackups.",
    retryable: false,
  },
  TAB_CLOSED: {
    kept: "Every archive that was stored before is unchanged, and what was imported so far stays.",
    next: "Try again: another tab takes over, and its status says what was interrupted.",
    retryable: true,
  },
  TAB_ANSWER_LOST: {
    kept: "Every archive that was stored before is unchanged, unless the call was to remove or replace one; what was imported so far stays.",
    next: "What was asked of the other tab may have been done: list the archives and look at the status before you ask again.",
    retryable: false,
  },
  TAB_SILENT: { kept: nothingTouched, next: "Go to the app's other tabs, and close or reload the one that hangs: another then takes over.", retryable: true },
  CONVERSATION_INACTIVE: {
    kept: "The message was not sent and is not queued.",
    next: "The history can be read; writing works again once another member's app has added this installation.",
    retryable: true,
  },
} as const satisfies Record<string, CodeFacts>;

export type BackupErrorCode = keyof typeof errorCodes;
