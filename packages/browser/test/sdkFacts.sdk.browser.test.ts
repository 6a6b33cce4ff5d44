import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSdkFiles } from "../../../test/browser/browserSdkFiles.ts";
import { onePage } from "../../../test/browser/onePage.ts";
import { startWorld, type World } from "../../node/test/support/world.ts";
import type * as script from "./pages/sdkFactsPage.ts";

const pageFor = onePage<typeof script>(async () => ({
  entry: new URL("./pages/sdkFactsPage.ts", import.meta.url),
  files: await browserSdkFiles(),
}));

/** What docs/sdk-facts.md says and no other test shows; nothing of the plugin stands between. */
describe("the SDK alone in Chromium", { timeout: 60_000 }, () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  test("behavior: an archive is bytes; an import allows its DM, which is inactive and not found by its peer", async (context) => {
    const { call } = await pageFor(context);
    const { privateKey } = world.newPerson();
    await call("open", "phone", world.network.url, privateKey);
    const id = await call("writeTo", "phone", bob.inboxId, "Hello");
    await call("deny", "phone", id);
    await call("open", "tab", world.network.url, privateKey);
    expect(await call("carry", "phone", "tab")).toBe("Uint8Array");
    expect(await call("dmOf", "tab", id, bob.inboxId)).toEqual({ id, isActive: false, isAllowed: true, idByPeer: undefined });
    await call("close", "phone");
    await call("close", "tab");
  });

  test("behavior: of the DMs with one person it answers for the one with the latest message", async (context) => {
    const { call } = await pageFor(context);
    const { privateKey } = world.newPerson();
    await call("open", "phone", world.network.url, privateKey);
    const old = await call("writeTo", "phone", bob.inboxId, "Earlier");
    await call("open", "tab", world.network.url, privateKey);
    const made = await call("writeTo", "tab", bob.inboxId, "Later");
    await call("carry", "phone", "tab");
    expect([(await call("dmOf", "tab", old, bob.inboxId)).id, (await call("dmOf", "tab", made, bob.inboxId)).id]).toEqual([made, made]);
    await call("close", "phone");
    await call("close", "tab");
  });

  test("behavior: the list of offered history fails once anything is on offer", async (context) => {
    const { call } = await pageFor(context);
    await call("open", "phone", world.network.url, world.newPerson().privateKey);
    expect(await call("listOffers", "phone")).toBe(0);
    await call("offerHistory", "phone", "1234", world.network.url);
    expect(await call("listOffers", "phone")).toBe("unreachable");
    await call("close", "phone");
  });

  test("behavior: a client that is closed while it is asked something never answers", async (context) => {
    const { call } = await pageFor(context);
    for (const name of ["closing", "other"]) await call("open", name, world.network.url, world.newPerson().privateKey);
    expect(await call("answersOnceClosed", "closing", "other")).toBe(false);
    await call("close", "other");
  });
});
