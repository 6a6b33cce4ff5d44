import type { Installation } from "../ports/installation.ts";
import type { Host } from "../ports/host.ts";
import { guardedMethods } from "./guardedMethods.ts";
import { allConsentStates, hostConsent, sdkConsent } from "./hostConsent.ts";
import type { SdkInboxState, SdkPreferences } from "./sdkShapes.ts";
import { sdkValues } from "./sdkValues.ts";

/** What is needed of a client for the part of a host that is the same over every SDK. */
export type SdkClient = {
  readonly installationId: string | undefined;
  readonly conversations: {
    getConversationById(id: string): Promise<{ readonly id: string } | undefined>;
    sync(): Promise<unknown>;
    syncAll(consentStates?: number[]): Promise<unknown>;
  };
  readonly preferences: Pick<SdkPreferences, "fetchInboxState" | "getConsentState" | "setConsentStates">;
};

/** Runs something of the SDK, whose failure becomes a `HOST_FAILED` of these words. */
export type CallHost = <R>(shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<R>) => Promise<R>;

type SharedCalls = Pick<
  Host,
  "guardedMethods" | "listedIdOf" | "consentOf" | "setConsent" | "setConsentOf" | "listInstallations" | "syncConversations" | "syncAll"
>;

/** The part of a host that is the same over every SDK: consent, installations, syncs. */
export function sdkHost(client: SdkClient, call: CallHost): SharedCalls {
  const { conversation, person } = sdkValues.consentEntity;
  return {
    guardedMethods,

    listedIdOf: (conversationId, { signal } = {}) =>
      call(
        "The conversation could not be looked up.",
        signal,
        async () => (await client.conversations.getConversationById(conversationId))?.id ?? conversationId,
      ),

    consentOf: (inboxId, { signal } = {}) =>
      call("Consent could not be looked up.", signal, async () => hostConsent(await client.preferences.getConsentState(person, inboxId))),

    setConsent: (conversationId, consent, { signal } = {}) =>
      call("Consent could not be noted.", signal, () =>
        client.preferences.setConsentStates([{ entityType: conversation, entity: conversationId, state: sdkConsent(consent) }]),
      ),

    setConsentOf: (inboxId, consent, { signal } = {}) =>
      call("Consent could not be noted.", signal, () =>
        client.preferences.setConsentStates([{ entityType: person, entity: inboxId, state: sdkConsent(consent) }]),
      ),

    listInstallations: ({ signal } = {}) =>
      call("The installations could not be listed.", signal, async () =>
        toInstallations(await client.preferences.fetchInboxState(), client.installationId),
      ),

    syncConversations: ({ signal } = {}) =>
      call("The conversations could not be synced.", signal, async () => {
        await client.conversations.sync();
      }),

    syncAll: ({ signal } = {}) =>
      call("The messages could not be synced.", signal, async () => {
        await client.conversations.syncAll(allConsentStates);
      }),
  };
}

function toInstallations({ installations }: SdkInboxState, ownId: string | undefined): Installation[] {
  return installations.map(({ id, clientTimestampNs }) => ({
    id,
    isOwn: id === ownId,
    ...(clientTimestampNs !== undefined && { createdAtMs: Number(clientTimestampNs / 1_000_000n) }),
  }));
}
