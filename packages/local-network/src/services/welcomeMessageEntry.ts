import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";

import { type WelcomeMessage, type WelcomeMessageInput, WelcomeMessageSchema } from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import type { Entry } from "../store/createLog.ts";
import { invalidArgument } from "./rejections.ts";

/** A welcome on its way into the log. */
export type WelcomeEntry = {
  installationKey: Uint8Array;
  /** The encrypted part, which tells the welcomes of one installation apart. */
  payload: Uint8Array;
  /** The message without its id and its time. */
  body: Uint8Array;
};

type Version = NonNullable<MessageInitShape<typeof WelcomeMessageSchema>["version"]>;

/** The wrapper algorithm that goes without a public key. */
const symmetricKey = 3;

/**
 * Checks a welcome and readies it for the log.
 *
 * @throws INVALID_ARGUMENT when a part of it is missing.
 */
export function welcomeEntryOf({ version }: WelcomeMessageInput): WelcomeEntry {
  switch (version.case) {
    case "v1": {
      const { installationKey, data, hpkePublicKey, wrapperAlgorithm, welcomeMetadata } = version.value;
      demand(installationKey.length > 0 && data.length > 0, "invalid welcome message");
      demand(hpkePublicKey.length > 0 || wrapperAlgorithm === symmetricKey, "invalid welcome message: no public key");
      const value = { installationKey, data, hpkePublicKey, wrapperAlgorithm, welcomeMetadata };
      return { installationKey, payload: data, body: encode({ case: "v1", value }) };
    }
    case "welcomePointer": {
      const { installationKey, welcomePointer, hpkePublicKey, wrapperAlgorithm } = version.value;
      const complete = installationKey.length > 0 && welcomePointer.length > 0 && hpkePublicKey.length > 0;
      demand(complete, "invalid welcome pointer message");
      const value = { installationKey, welcomePointer, hpkePublicKey, wrapperAlgorithm };
      return { installationKey, payload: welcomePointer, body: encode({ case: "welcomePointer", value }) };
    }
    default:
      throw invalidArgument("invalid welcome message: missing version");
  }
}

/** The welcome that a log entry stands for. */
export function welcomeMessageOf({ id, createdNs, body }: Entry): WelcomeMessage {
  const message = fromBinary(WelcomeMessageSchema, body);
  if (message.version.case !== undefined) Object.assign(message.version.value, { id, createdNs });
  return message;
}

function encode(version: Version): Uint8Array {
  return toBinary(WelcomeMessageSchema, create(WelcomeMessageSchema, { version }));
}

function demand(condition: boolean, message: string): void {
  if (!condition) throw invalidArgument(message);
}
