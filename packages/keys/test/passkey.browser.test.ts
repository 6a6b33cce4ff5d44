import { afterEach, describe, expect, it, type TestContext } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import type { BrowserPage } from "../../../test/browser/openPage.ts";
import type * as passkeyPage from "./pages/passkeyPage.ts";

type PasskeyPage = typeof passkeyPage;

const firstPage = onePage<PasskeyPage>(async () => ({ entry: new URL("pages/passkeyPage.ts", import.meta.url) }));
let removeAuthenticator: (() => Promise<void>) | undefined;

afterEach(async () => {
  await removeAuthenticator?.();
  removeAuthenticator = undefined;
});

/** The page anew, with an authenticator of Chromium's own that answers by itself. */
async function pageWith(context: TestContext, options: AuthenticatorOptions = {}): Promise<BrowserPage<PasskeyPage>> {
  const opened = await firstPage(context);
  // Passkeys are for names, and an address is none.
  await opened.page.goto(opened.page.url().replace("127.0.0.1", "localhost"));
  await putAuthenticator(opened, options);
  return opened;
}

type AuthenticatorOptions = { hasPrf?: boolean; isUserVerified?: boolean };

/** Puts a new authenticator in the place of the one before. */
async function putAuthenticator(
  { page }: BrowserPage<PasskeyPage>,
  { hasPrf = true, isUserVerified = true }: AuthenticatorOptions = {},
): Promise<void> {
  await removeAuthenticator?.();
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("WebAuthn.enable");
  const { authenticatorId } = await devTools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
  removeAuthenticator = async () => {
    await devTools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
    await devTools.detach();
  };
}

describe("passkey in Chromium", () => {
  it("default: a passkey opens the ring on a new device", async (context) => {
    const page = await pageWith(context);
    expect(await page.call("supportsPasskeys")).not.toBe(false);
    expect(await page.call("addPasskey")).toBe("done");
    expect(await page.call("opensOnNewDevice")).toBe(true);
  });

  it("behavior: of several passkeys any opens it", async (context) => {
    const page = await pageWith(context);
    expect([await page.call("addPasskey"), await page.call("addPasskey")]).toEqual(["done", "done"]);
    expect(await page.call("slotKinds")).toEqual(["passkey", "passkey"]);
    expect(await page.call("opensOnNewDevice")).toBe(true);
  });

  it("behavior: an authenticator without PRF is refused, and no slot is left", async (context) => {
    const page = await pageWith(context, { hasPrf: false });
    expect(await page.call("addPasskey")).toBe("PASSKEY_UNSUPPORTED");
    expect(await page.call("slotKinds")).toEqual([]);
  });

  it("behavior: a user who is not verified is a slot that did not answer", async (context) => {
    const page = await pageWith(context, { isUserVerified: false });
    expect(await page.call("addPasskey")).toBe("SLOT_FAILED");
  });

  it("behavior: a passkey that is gone is a slot that did not answer", async (context) => {
    const page = await pageWith(context);
    expect(await page.call("addPasskey")).toBe("done");
    await putAuthenticator(page);
    expect(await page.call("opensOnNewDevice")).toBe("SLOT_FAILED");
  });

  it("parameters: signal: an aborted call rejects with its reason", async (context) => {
    expect(await (await pageWith(context)).call("abortAdding")).toBe(true);
  });

  it("behavior: recovery phrase and passphrase work in a page", async (context) => {
    expect(await (await pageWith(context)).call("otherSlotsWork")).toBe(true);
  });
});
