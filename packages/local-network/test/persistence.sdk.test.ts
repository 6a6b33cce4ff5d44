import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { expect, test } from "vitest";

import { closeClient, newInstallation, newSigner } from "./support/sdkClient.ts";
import { useDirectory } from "./support/useDirectory.ts";
import { useNetworks } from "./support/useNetwork.ts";

const directory = useDirectory();
const start = useNetworks();

test("default", async () => {
  const persistTo = join(directory, `${randomUUID()}.sqlite`);
  const signer = newSigner();
  const first = await start({ persistTo });
  const { url, port } = first;
  const [alice, bob] = [await newInstallation({ url, directory }), await newInstallation({ url, directory, signer })];
  const dm = await alice.conversations.createDm(bob.inboxId);
  await dm.sendText("before");
  const { calls: _, ...held } = first.stats();
  await first.close();

  const second = await start({ port, persistTo });
  expect(second.stats()).toMatchObject(held);
  await dm.sendText("after");
  await bob.conversations.sync();
  const [received] = bob.conversations.listDms();
  await received!.sync();
  const texts = (await received!.messages()).map(({ content }) => content);
  expect(texts.filter((content) => typeof content === "string")).toEqual(["before", "after"]);

  const again = await newInstallation({ url, directory, signer });
  expect(again.inboxId).toBe(bob.inboxId);
  await Promise.all([alice, bob, again].map((client) => closeClient(client)));
});

test("behavior: in memory, a restarted network has forgotten everything", async () => {
  const first = await start();
  await fetch(`${first.url}/upload`, { method: "POST", body: "file" });
  await first.close();
  const second = await start({ port: first.port });
  expect(second.stats().files).toBe(0);
});
