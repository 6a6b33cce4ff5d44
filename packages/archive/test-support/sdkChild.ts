// Clients of the real SDK, one after the other, in a process of their own: an import that hangs spins a core, and can only be killed.
import { createInterface } from "node:readline";
import { BackupElementSelectionOption, Client, type Signer } from "@xmtp/node-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** What the parent asks for, a line of JSON each. */
export type SdkRequest =
  | { type: "fresh" }
  | { type: "import"; paths: string[]; keyHex: string }
  | { type: "fill"; groups: number; texts: string[] }
  | { type: "create"; path: string; keyHex: string };

/** What a client holds, or why a call failed. */
export type SdkAnswer = { conversations: number; messages: number; ms: number } | { error: string };

/** A fresh installation of a new inbox. */
const createClient = (apiUrl: string, directory: string): Promise<Client> => {
  const account = privateKeyToAccount(generatePrivateKey());
  const signer: Signer = {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: 0 }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
  return Client.create(signer, {
    env: "local",
    apiUrl,
    dbPath: `${directory}/${account.address}.db3`,
    dbEncryptionKey: new Uint8Array(32).fill(1),
    disableDeviceSync: true,
  });
};

const main = async (apiUrl: string, directory: string): Promise<void> => {
  let client = await createClient(apiUrl, directory);

  const run = async (request: SdkRequest): Promise<SdkAnswer> => {
    const start = performance.now();
    if (request.type === "fresh") client = await createClient(apiUrl, directory);
    else if (request.type === "fill") {
      for (let number = 0; number < request.groups; number++) {
        const group = await client.conversations.createGroup([], { groupName: `Group ${number}` });
        for (const text of request.texts) await group.sendText(text);
      }
    } else {
      const key = Uint8Array.from(Buffer.from(request.keyHex, "hex"));
      if (request.type === "import") for (const path of request.paths) await client.importArchive(path, key);
      else {
        const elements = [BackupElementSelectionOption.Messages, BackupElementSelectionOption.Consent];
        await client.createArchive(request.path, key, { elements, excludeDisappearingMessages: false });
      }
    }
    const ms = Math.round(performance.now() - start);
    const conversations = await client.conversations.list();
    let messages = 0;
    for (const conversation of conversations) messages += Number(await conversation.countMessages());
    return { conversations: conversations.length, messages, ms };
  };

  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await run(JSON.parse(line) as SdkRequest).catch((error: unknown) => ({ error: String(error) }));
    console.log(`answer ${JSON.stringify(answer)}`);
  }
};

const [, , apiUrl, directory] = process.argv;
if (apiUrl !== undefined && directory !== undefined) await main(apiUrl, directory);
