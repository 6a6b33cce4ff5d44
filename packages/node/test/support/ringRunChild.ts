import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createBackups, generateArchiveKey, isBackupError, keyFingerprint } from "@xmtp-backup/core";
import { custom, fromRecoveryPhrase, generateRecoveryPhrase, keyRing, passphrase, recoveryPhrase } from "@xmtp-backup/keys";
import { type Client, LogLevel } from "@xmtp/node-sdk";
import { fileKeys } from "../../src/keys/fileKeys.ts";
import { fileStore } from "../../src/store/fileStore.ts";
import { nodeHost } from "../../src/host/nodeHost.ts";
import { chat, find } from "./chat.ts";
import { closeClient } from "./closeClient.ts";
import { hearMachines } from "./hearMachines.ts";
import { isSettled } from "./isSettled.ts";
import { lookEveryMs } from "./lookEvery.ts";
import { createPerson } from "./person.ts";
import { type RingRunAssignment, ringRunFiles, type RingRunReport } from "./ringRun.ts";
import type { Secret } from "./spellings.ts";
import { until } from "../../../../test/until.ts";
import { watchSecrets } from "../../../keys/test/watchSecrets.ts";
import { createWitness } from "./witness.ts";

const { networkUrl, folder } = JSON.parse(process.argv[2] ?? "") as RingRunAssignment;
const phrase = generateRecoveryPhrase();
const typedPassphrase = "quetzal-4711 under the ferry";
const message = "The safe opens with 4711-zulu";
const databaseKeys = [generateArchiveKey(), generateArchiveKey()];
const vaultKey = generateArchiveKey();
const pathOf = (name: string) => join(folder, name);

const witness = createWitness();
hearMachines(witness.hear);
const { given, watched } = watchSecrets();
const wrapped = new Map<string, Secret>();
const codes: string[] = [];

const store = fileStore({ directory: pathOf(ringRunFiles.store) });
const [oldRing, newRing] = ringRunFiles.keys.map((path) => keyRing({ store, cache: fileKeys({ path: pathOf(path) }) })) as [
  ReturnType<typeof keyRing>,
  ReturnType<typeof keyRing>,
];
const [alice, bobPerson] = [createPerson(networkUrl), createPerson(networkUrl)];
const bob = await bobPerson.openOn({ dbPath: pathOf("bob.db3"), loggingLevel: LogLevel.Debug });
const phone = await openInstallation(0);
const { group, dm } = await chat(phone, bob);
await group.sendText(message);
await bob.conversations.syncAll();
const heardAtMs = performance.now();

await onOldDevice();
await closeClient(phone);
const tablet = await openInstallation(1);
await onNewDevice(tablet);
await Promise.all([closeClient(tablet), closeClient(bob)]);
await report();

async function onOldDevice(): Promise<void> {
  const backups = backupsOf(phone, oldRing);
  await backups.start();
  witness.hear(await oldRing.addSlot(watched(recoveryPhrase(phrase))));
  witness.hear(await oldRing.addSlot(watched(passphrase(typedPassphrase))));
  witness.hear(await oldRing.addSlot(watched(custom({ name: "vault", wrap: (secret) => seal(secret), unwrap: (bytes) => unseal(bytes) }))));
  rememberWrapped();
  await witness.watch(backups, backups.backup({ name: "Before the move" }), phone);
  witness.hear(await oldRing.rotate());
  rememberWrapped();
  const [first] = await backups.list();
  witness.hear(await backups.rekey(first!.id));
  await witness.watch(backups, backups.backup(), phone);
  witness.hear(await oldRing.test(watched(recoveryPhrase(phrase))));
  await refused(() => oldRing.addSlot(watched(passphrase("1234"))));
  await refused(() => oldRing.add(generateArchiveKey().subarray(1)));
  witness.hear(await oldRing.inspect());
  backups.stop();
}

async function onNewDevice(client: Client): Promise<void> {
  const backups = backupsOf(client, newRing);
  const [newest] = await backups.list();
  await refused(() => backups.restore(newest!).result);
  await refused(() => newRing.open(watched(recoveryPhrase(generateRecoveryPhrase()))));
  await refused(() => newRing.open(watched(passphrase(`${typedPassphrase}!`))));
  await refused(() => newRing.open(watched(custom({ name: "vault", wrap: seal, unwrap: async (bytes) => unseal(bytes.toReversed()) }))));
  await refused(() => recoveryPhrase(phrase.replace(" ", " x")));
  await refused(() => recoveryPhrase(phrase.split(" ").toReversed().join(" ")));
  await refused(() => backups.restore(newest!, { key: generateArchiveKey() }).result);
  witness.hear(await newRing.open(watched(passphrase(typedPassphrase))));
  await witness.watch(backups, backups.restore(newest!), client);
  await wait(Math.max(0, lookEveryMs - (performance.now() - heardAtMs)));
  for (const { id } of [group, dm]) await (await find(bob, id)).sendText("New phone?");
  await until(() => isSettled(backups));
  witness.hear(await newRing.open(watched(custom({ name: "vault", wrap: seal, unwrap: unseal }))));
  backups.stop();
}

function openInstallation(index: 0 | 1): Promise<Client> {
  return alice.openOn({
    dbPath: pathOf(`installation-${index}/client.db3`),
    dbEncryptionKey: databaseKeys[index]!,
    loggingLevel: LogLevel.Debug,
  });
}

function backupsOf(client: Client, keys: ReturnType<typeof keyRing>) {
  const backups = createBackups({ host: nodeHost(client), store, keys, policy: { frequency: "daily" } });
  backups.status$.subscribe(witness.hear);
  backups.activation$.subscribe(witness.hear);
  return backups;
}

async function refused(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    witness.hear(error);
    codes.push(isBackupError(error) ? error.code : String(error));
    if (error instanceof Error) witness.hear([error.message, error.stack, String(error.cause)]);
    return;
  }
  throw new Error("It was not refused.");
}

/** The parts of the ring that hold secrets under a slot's own. */
function rememberWrapped(): void {
  const ring = JSON.parse(readFileSync(pathOf(ringRunFiles.ring), "utf8")) as {
    slots: { kind: string; anchor: string; sealedKeys: string; parameters: { wrapped?: string } }[];
  };
  for (const { kind, anchor, sealedKeys, parameters } of ring.slots) {
    for (const [part, text] of Object.entries({ anchor, sealedKeys, wrapped: parameters.wrapped })) {
      if (text) wrapped.set(text, { what: `${part} of ${kind}`, bytes: new Uint8Array(Buffer.from(text, "base64")) });
    }
  }
}

async function seal(secret: Uint8Array): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  return Buffer.concat([nonce, Buffer.from(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await cipherKey(), secret))]);
}

async function unseal(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, await cipherKey(), bytes.slice(12)));
}

function cipherKey() {
  return crypto.subtle.importKey("raw", vaultKey, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function report(): Promise<void> {
  const keys = (await newRing.load()).map((bytes) => ({ what: `key ${keyFingerprint(bytes)}`, bytes }));
  const secrets: Secret[] = [
    ...given.map(({ copy }, index) => ({ what: `secret ${index + 1} of a slot`, bytes: copy })),
    ...databaseKeys.map((bytes, index) => ({ what: `key of database ${index + 1}`, bytes })),
    { what: "the vault's key", bytes: vaultKey },
    { what: "the phrase's bytes", bytes: fromRecoveryPhrase(phrase) },
    { what: "the passphrase", bytes: Buffer.from(typedPassphrase) },
    { what: "a message", bytes: Buffer.from(message) },
  ];
  const unwiped = given.filter(({ bytes }) => bytes.some((byte) => byte !== 0)).length;
  const said: RingRunReport = { heard: [...witness.heard], keys, secrets, wrapped: [...wrapped.values()], phrase, unwiped, codes };
  process.send?.(said, undefined, undefined, () => process.disconnect());
}
