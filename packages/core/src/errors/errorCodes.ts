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

/** Each way in which the plugin refuses or fails. Each has a section in `docs/errors.md`. */
export const errorCodes = {
  KEY_INVALID: { kept: nothingTouched, next: "Pass exactly 32 random bytes, for example from generateArchiveKey().", retryable: false },
  KEY_MISSING: { kept: nothingTouched, next: "Put the archive key into the key store, or ask the user for it.", retryable: false },
  KEY_WRONG: {
    kept: nothingTouched,
    next: "Use the key that made this archive. The list of archives shows its fingerprint.",
    retryable: false,
  },
  PHRASE_INVALID: { kept: nothingTouched, next: "Compare each word with the copy that was written down.", retryable: false },
  SECRET_WRONG: { kept: nothingTouched, next: "Check the entry and try again, or open the key ring with another slot.", retryable: false },
  PASSPHRASE_WEAK: {
    kept: nothingTouched,
    next: "Choose a longer passphrase, for example five random words, or insist on this one.",
    retryable: false,
  },
  SLOT_NEEDED: { kept: nothingTouched, next: "Add another slot first, then remove this one.", retryable: false },
  SLOT_FAILED: { kept: nothingTouched, next: "Try again, or open the key ring with another slot.", retryable: true },
  SLOT_UNUSABLE: { kept: "The key ring is unchanged: the slot was not added.", next: "Add a slot of another kind.", retryable: false },
  PASSKEY_UNSUPPORTED: {
    kept: nothingTouched,
    next: "Use a recovery phrase or a passphrase here, or a passkey of another device.",
    retryable: false,
  },
  KEY_RING_DAMAGED: {
    kept: archivesKept,
    next: "Make a new key ring on a device that still has the keys, or put an older copy back in its place.",
    retryable: false,
  },
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
  KEY_RING_VERSION_UNSUPPORTED: {
    kept: "The key ring is unchanged.",
    next: "Update the app: a newer one wrote this key ring.",
    retryable: false,
  },
  KEY_STORE_FAILED: {
    kept: nothingTouched,
    next: "Check that the app can read and write the place where it keeps the key.",
    retryable: true,
  },
  KEYCHAIN_UNAVAILABLE: {
    kept: nothingTouched,
    next: "Unlock the system's keychain, or allow the app to use it. If there is none, keep the key in a file on a mounted secret, or open a key ring with a vault.",
    retryable: false,
  },
  OPTIONS_INVALID: { kept: nothingTouched, next: "Correct the option that the message names.", retryable: false },
  POLICY_INVALID: { kept: nothingTouched, next: "Correct the setting of the policy that the message names.", retryable: false },
  STORE_UNAVAILABLE: {
    kept: archivesKept,
    next: "Check that the place for archives exists and can be reached, then try again.",
    retryable: true,
  },
  STORE_UNSUPPORTED: { kept: archivesKept, next: "Update the browser, or choose another place for archives.", retryable: false },
  STORE_DENIED: { kept: archivesKept, next: "Give the app permission to read and write the place for archives.", retryable: false },
  STORE_UNAUTHENTICATED: { kept: archivesKept, next: "Sign in to the place for archives again, then back up.", retryable: false },
  STORE_CLOCK_SKEWED: { kept: archivesKept, next: "Set this device's date and time, then try again.", retryable: false },
  STORE_FULL: { kept: archivesKept, next: "Free space or choose another place, then back up again.", retryable: false },
  STORE_FAILED: { kept: archivesKept, next: "Try again. If it fails again, look at the cause.", retryable: true },
  STORE_MISMATCH: {
    kept: archivesKept,
    next: "The place for archives did not keep what it was given. Try again or choose another place.",
    retryable: true,
  },
  STORE_CONFLICT: {
    kept: "The version that another device or process wrote is unchanged.",
    next: "Read it again and repeat the change.",
    retryable: true,
  },
  STORE_MOVE_REFUSED: {
    kept: archivesKept,
    next: "Make the server, or the proxy in front of it, accept the address in the Destination header of MOVE requests.",
    retryable: false,
  },
  ARCHIVE_NOT_FOUND: { kept: nothingTouched, next: "List the archives again and choose one that exists.", retryable: false },
  HISTORY_MISSING: {
    kept: nothingTouched,
    next: "Check that the right place for archives is mounted. If there is no archive yet, accept the missing history once.",
    retryable: false,
  },
  ARCHIVE_OTHER_INBOX: {
    kept: clientKept,
    next: "Choose an archive of this inbox, or pass allowOtherInbox if the user insists.",
    retryable: false,
  },
  ARCHIVE_OTHER_NETWORK: {
    kept: clientKept,
    next: "Choose an archive of this network, or pass allowOtherNetwork if the user moves from one network to the other.",
    retryable: false,
  },
  ARCHIVE_EMPTY: { kept: clientKept, next: "Choose another archive. This file has no bytes.", retryable: false },
  ARCHIVE_FOREIGN: { kept: clientKept, next: "Choose a file that XMTP's archive export made.", retryable: false },
  ARCHIVE_TRUNCATED: { kept: clientKept, next: "Fetch the archive again or choose an older one. Its end is missing.", retryable: false },
  ARCHIVE_DAMAGED: { kept: clientKept, next: "Fetch the archive again or choose an older one.", retryable: false },
  ARCHIVE_NEEDED: {
    kept: nothingTouched,
    next: "Remove the later archives first, or make whole archives of them with consolidate.",
    retryable: false,
  },
  CHAIN_BROKEN: {
    kept: clientKept,
    next: "Choose an earlier backup, or put the missing archive back into the place for archives.",
    retryable: false,
  },
  ARCHIVE_KEY_OR_DAMAGE: {
    kept: clientKept,
    next: "Check the key first. If it is the right one, the archive is damaged.",
    retryable: false,
  },
  ARCHIVE_VERSION_UNSUPPORTED: { kept: clientKept, next: "Update the app: a newer one made this archive.", retryable: false },
  DEVICE_FULL: {
    kept: "Every archive that was stored before is unchanged. Everything that was imported so far stays.",
    next: "Free space on this device, then try again.",
    retryable: false,
  },
  CLIENT_CLOSED: { kept: nothingTouched, next: "Create the XMTP client again and call createBackups with it.", retryable: false },
  SDK_UNSUPPORTED: {
    kept: nothingTouched,
    next: "Install the version of the XMTP SDK that the message names, then open the client again.",
    retryable: false,
  },
  EXPORT_FAILED: { kept: archivesKept, next: "Try again. If it fails again, look at the cause.", retryable: true },
  IMPORT_FAILED: {
    kept: "Everything that was imported so far stays, because an import only adds.",
    next: "Restore again. Messages that are there already are not duplicated.",
    retryable: true,
  },
  IMPORT_STALLED: {
    kept: "Everything that was imported so far stays, because an import only adds.",
    next: "Restart the app and restore again. Messages that are there already are not duplicated.",
    retryable: true,
  },
  HOST_FAILED: { kept: nothingTouched, next: "Try again. If it fails again, look at the cause.", retryable: true },
  HISTORY_SYNC_FAILED: {
    kept: nothingTouched,
    next: "Check that the history server can be reached and that another installation has offered its history. Then try again.",
    retryable: true,
  },
  HISTORY_SYNC_UNSUPPORTED: { kept: nothingTouched, next: "Restore an archive instead. This host has no history sync.", retryable: false },
  JOURNAL_FAILED: { kept: archivesKept, next: "Check that the plugin's own folder can be written.", retryable: true },
  TASK_IN_PROGRESS: { kept: nothingTouched, next: "Wait until the running backup or restore has ended.", retryable: true },
  TABS_UNSUPPORTED: {
    kept: nothingTouched,
    next: "Call shareBackups in the browser only. Elsewhere use createBackups.",
    retryable: false,
  },
  TAB_CLOSED: {
    kept: "Every archive that was stored before is unchanged. Everything that was imported so far stays.",
    next: "Try again. Another tab takes over, and its status shows what was interrupted.",
    retryable: true,
  },
  TAB_ANSWER_LOST: {
    kept: "Every archive that was stored before is unchanged, unless the call removes or replaces one. Everything that was imported so far stays.",
    next: "The other tab may have done the work. List the archives and look at the status before you repeat the call.",
    retryable: false,
  },
  TAB_SILENT: {
    kept: nothingTouched,
    next: "Go to the app's other tabs, and close or reload the one that hangs. Another tab then takes over.",
    retryable: true,
  },
  CONVERSATION_INACTIVE: {
    kept: "The message was not sent and is not queued.",
    next: "You can read the history. Writing works again once another member's app has added this installation.",
    retryable: true,
  },
} as const satisfies Record<string, CodeFacts>;

export type BackupErrorCode = keyof typeof errorCodes;
