import { parentPort } from "node:worker_threads";
import { startLocalNetwork } from "@xmtp-backup/local-network";

const network = await startLocalNetwork();
parentPort?.once("message", () => void network.close().then(() => parentPort?.close()));
parentPort?.postMessage(network.url);
