import { BackupError, type CallOptions } from "@xmtp-backup/core";

type Requests = { create: PublicKeyCredentialCreationOptions; get: PublicKeyCredentialRequestOptions };

/**
 * Asks the browser for a passkey; once aborted it rejects with the reason.
 *
 * @throws PASSKEY_UNSUPPORTED when there are no passkeys here
 * @throws SLOT_FAILED when the prompt is dismissed, times out or is refused
 */
export async function askAuthenticator<Verb extends keyof Requests>(
  verb: Verb,
  { signal }: CallOptions,
  publicKey: Requests[Verb],
): Promise<PublicKeyCredential> {
  signal?.throwIfAborted();
  const credentials: Partial<CredentialsContainer> | undefined = navigator.credentials;
  const ask = credentials?.[verb] as
    | ((request: { publicKey: Requests[Verb]; signal?: AbortSignal }) => Promise<Credential | null>)
    | undefined;
  if (!ask) throw new BackupError("PASSKEY_UNSUPPORTED", "This browser has no passkeys here; they need a secure page.");
  let answer: Credential | null;
  try {
    answer = await ask.call(credentials, { publicKey, ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw new BackupError("SLOT_FAILED", "The passkey did not answer.", {
      details: error instanceof Error ? `The browser says ${error.name}.` : "",
      cause: error,
    });
  }
  if (answer instanceof PublicKeyCredential) return answer;
  throw new BackupError("SLOT_FAILED", "The browser gave no passkey.");
}
