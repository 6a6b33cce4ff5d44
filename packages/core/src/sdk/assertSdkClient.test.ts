import { describe, expect, it } from "vitest";
import { assertSdkClient, type SdkNeeds } from "./assertSdkClient.ts";

const needs: SdkNeeds = {
  host: "nodeHost",
  sdk: "@xmtp/node-sdk",
  major: 6,
  inBrowser: false,
  calls: { client: ["createArchive", "importArchive"], conversations: ["sync"], preferences: ["setConsentStates"] },
};
const inBrowser: SdkNeeds = { ...needs, host: "browserHost", sdk: "@xmtp/browser-sdk", major: 7, inBrowser: true };

const call = async () => undefined;
const client = {
  createArchive: call,
  importArchive: call,
  conversations: { sync: call },
  preferences: { setConsentStates: call },
  libxmtpVersion: "1.10.0-b649d1a",
};

function refusal(value: unknown, asked: SdkNeeds = needs): unknown {
  try {
    assertSdkClient(value, asked);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("assertSdkClient", () => {
  it("default: a client with the calls that are needed passes, whatever its class", () => {
    expect(refusal(client)).toBeUndefined();
    expect(refusal({ ...client, isReady: true }, inBrowser)).toBeUndefined();
  });

  it("behavior: an older SDK is refused for good, with its version and what to install", () => {
    const { createArchive: _create, importArchive: _import, ...older } = client;
    expect(refusal(older)).toMatchObject({ code: "SDK_UNSUPPORTED", retryable: false });
    expect(refusal(older)).toHaveProperty(
      "message",
      expect.stringMatching(/libxmtp 1\.10\.0-b649d1a.*older version.*createArchive, importArchive.*npm install @xmtp\/node-sdk@6/),
    );
  });

  it("behavior: a newer SDK is refused for good, whatever it still has", () => {
    for (const archives of [{ exportToFile: call }, { exportToBytes: call }]) {
      expect(refusal({ ...client, archives })).toMatchObject({
        code: "SDK_UNSUPPORTED",
        details: expect.stringContaining("newer version") as unknown,
      });
    }
  });

  it("behavior: any other call that is missing is named", () => {
    expect(refusal({ ...client, conversations: {} })).toMatchObject({
      code: "SDK_UNSUPPORTED",
      details: expect.stringContaining("conversations.sync") as unknown,
    });
    expect(refusal({ ...client, preferences: undefined })).toMatchObject({
      code: "SDK_UNSUPPORTED",
      details: expect.stringContaining("preferences.setConsentStates") as unknown,
    });
  });

  it("behavior: a client of the other SDK, and what is no client, are wrong options", () => {
    expect(refusal({ ...client, isReady: true })).toMatchObject({
      code: "OPTIONS_INVALID",
      details: expect.stringContaining("browserHost") as unknown,
    });
    expect(refusal(client, inBrowser)).toMatchObject({ code: "OPTIONS_INVALID", details: expect.stringContaining("nodeHost") as unknown });
    expect(refusal(Promise.resolve(client))).toMatchObject({
      code: "OPTIONS_INVALID",
      details: expect.stringContaining("await") as unknown,
    });
    for (const nothing of [undefined, null, "client", 7]) expect(refusal(nothing)).toMatchObject({ code: "OPTIONS_INVALID" });
  });

  it("behavior: a client that is not open yet is told as that", () => {
    const unopened = {
      ...client,
      get conversations(): never {
        throw new Error("Client not initialized");
      },
    };
    expect(refusal(unopened)).toMatchObject({ code: "CLIENT_CLOSED" });
  });

  it("behavior: a version that is no version stays out of the message", () => {
    const { createArchive: _create, ...older } = client;
    expect(refusal({ ...older, libxmtpVersion: "x\n".repeat(99) })).toHaveProperty("message", expect.not.stringContaining("libxmtp "));
  });
});
