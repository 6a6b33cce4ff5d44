import { Opfs } from "@xmtp/browser-sdk";
import { stored } from "./stored.ts";

/** A device of the story: an installation, and all that goes with it when it is lost. */
export type Device = { number: number; databases: string[] };

const current = stored<Device>("device");
const lastNumber = stored<number>("lastDevice");

export const hasDevice = (): boolean => current.read() !== undefined;

/** The device of this browser, a new one after the last was lost. */
export function useDevice(): Device {
  const known = current.read();
  if (known) return known;
  const number = (lastNumber.read() ?? 0) + 1;
  lastNumber.write(number);
  const device = { number, databases: [keysOf({ number })] };
  current.write(device);
  return device;
}

/** Notes an IndexedDB database that is lost with the device. */
export function noteDatabase(name: string): void {
  const device = useDevice();
  if (!device.databases.includes(name)) current.write({ ...device, databases: [...device.databases, name] });
}

export const messagesOf = ({ number }: Pick<Device, "number">): string => `device-${number}.db3`;

export const keysOf = ({ number }: Pick<Device, "number">): string => `messenger-keys-${number}`;

/** Removes the client's database, the journal and the archive key; the client must be closed. */
export async function removeDevice(): Promise<void> {
  const device = current.read();
  if (!device) return;
  const files = await Opfs.create();
  try {
    for (const file of await files.listFiles()) if (file.includes(messagesOf(device))) await files.deleteFile(file);
  } finally {
    files.close();
  }
  await Promise.all(device.databases.map(deleteDatabase));
  current.forget();
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
