import { describe, expect, test } from "vitest";

import { groupIdOf, privateMessage, publicMessage } from "../../test/support/mlsBytes.ts";
import { MlsFormatError } from "./createReader.ts";
import { parseGroupMessage } from "./parseGroupMessage.ts";

describe("parseGroupMessage", () => {
  test("default", () => {
    const { groupId, isCommit } = parseGroupMessage(privateMessage({ groupId: groupIdOf("g") }));
    expect([...groupId]).toEqual([...groupIdOf("g")]);
    expect(isCommit).toBe(false);
  });

  test.each([
    ["application", 1, false],
    ["proposal", 2, true],
    ["commit", 3, true],
  ])("behavior: tells from a private message of type %s whether it changes the group", (_, contentType, isCommit) => {
    expect(parseGroupMessage(privateMessage({ contentType })).isCommit).toBe(isCommit);
  });

  test.each([
    ["a member", [1, 0, 0, 0, 5]],
    ["an external sender", [2, 0, 0, 0, 5]],
    ["a new member who proposes", [3]],
    ["a new member who commits", [4]],
  ])("behavior: reads a public message from %s", (_, sender) => {
    const message = publicMessage(sender, { groupId: groupIdOf("g"), contentType: 3 });
    expect(parseGroupMessage(message)).toMatchObject({ groupId: Buffer.from(groupIdOf("g")), isCommit: true });
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("not an MLS message")],
    ["another MLS version", privateMessage({ version: 2 })],
    ["a welcome", privateMessage({ wireFormat: 3 })],
    ["an empty group id", privateMessage({ groupId: new Uint8Array() })],
    ["an unknown content type", privateMessage({ contentType: 4 })],
    ["an unknown sender", publicMessage([9])],
  ])("behavior: rejects %s", (_, message) => {
    expect(() => parseGroupMessage(message)).toThrow(MlsFormatError);
  });

  test("behavior: rejects a message that ends early, wherever it ends", () => {
    const message = privateMessage();
    for (let length = 0; length < message.length; length += 1) {
      expect(() => parseGroupMessage(message.subarray(0, length)), `${length} bytes`).toThrow(MlsFormatError);
    }
  });
});
