import { encodeRecord } from "../../packages/archive/src/protobuf/recordCodec.ts";
import { consentRecord, groupRecord, messageRecord, metadataRecord } from "../../packages/archive/test-support/records.ts";
import { writeSdkLike } from "../../packages/archive/test-support/sdkLikeArchive.ts";
import { benchKey } from "./benchKey.ts";

/** What a record of an ordinary short text takes in an archive of the SDK: its length, its content and its tag. */
const recordBytes = 343;
const groups = 50;

/** An archive as the SDK writes it, of so many short messages. */
export async function ordinaryArchive(messages: number): Promise<Uint8Array> {
  const overhead = 20 + encodeRecord(messageRecord(messages, 0, new Uint8Array(100))).length - 100;
  const content = new Uint8Array(recordBytes - overhead).fill(0x61);
  const groupNumbers = Array.from({ length: groups }, (_, group) => group);
  const records = [
    metadataRecord(),
    ...groupNumbers.map((group) => consentRecord(group)),
    ...groupNumbers.map((group) => groupRecord(group)),
    ...Array.from({ length: messages }, (_, number) => messageRecord(number, number % groups, content)),
  ];
  return writeSdkLike(records.map(encodeRecord), benchKey);
}
