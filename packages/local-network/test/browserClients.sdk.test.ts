import { expect, test } from "vitest";

import { loadBrowserSdk } from "./support/browser/loadBrowserSdk.ts";
import { closeClient, newInstallation } from "./support/sdkClient.ts";
import { until } from "../../../test/until.ts";
import { useDirectory } from "./support/useDirectory.ts";
import { useNetworks } from "./support/useNetwork.ts";

const directory = useDirectory();
const start = useNetworks();
const { newBrowserInstallation } = await loadBrowserSdk();

test("default", async () => {
  const network = await start();
  const [alice, bob] = [await newBrowserInstallation(network.url), await newBrowserInstallation(network.url)];
  const received: unknown[] = [];
  const onValue = ({ content }: { content: unknown }) => void (typeof content === "string" && received.push(content));
  const stream = await bob.conversations.streamAllMessages({ onValue });
  const group = await alice.conversations.createGroup([bob.inboxId!], { groupName: "Friends" });
  await group.sendText("hello");
  await until(() => received.length === 1);
  expect(received).toEqual(["hello"]);
  await stream.end();
  alice.close();
  bob.close();
});

test("behavior: shares the port with the node SDK, and a conversation too", async () => {
  const network = await start();
  const page = await newBrowserInstallation(network.url);
  const server = await newInstallation({ url: network.url, directory });
  const fromPage = await page.conversations.createDm(server.inboxId);
  await fromPage.sendText("from the page");

  await server.conversations.sync();
  const [onServer] = server.conversations.listDms();
  await onServer!.sync();
  await onServer!.sendText("from the server");

  await fromPage.sync();
  const texts = (await fromPage.messages()).map(({ content }) => content);
  expect(texts.filter((content) => typeof content === "string")).toEqual(["from the page", "from the server"]);
  page.close();
  await closeClient(server);
});
