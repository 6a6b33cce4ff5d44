/** The methods that hosts call of a client, the same in every SDK. */
export const sdkMethods = {
  client: ["createArchive", "importArchive", "fetchKeyPackageStatuses"],
  conversations: [
    "list",
    "listGroups",
    "listDms",
    "getConversationById",
    "getMessageById",
    "getDmByInboxId",
    "createDm",
    "sync",
    "syncAll",
    "stream",
    "streamAllMessages",
  ],
  preferences: ["fetchInboxState", "fetchInboxStates", "getConsentState", "setConsentStates", "streamConsent"],
} as const;
