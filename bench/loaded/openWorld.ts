import { tmpdir } from "node:os";
import { temporaryFolder } from "../../packages/node/test/temporaryFolder.ts";
import { type MachineUse, watchMachine } from "../shared/machineUse.ts";
import { memoryFolder } from "../shared/memoryFolder.ts";
import { type LoadedPerson, loadPerson } from "./loadPerson.ts";
import { nameOf, type Shape } from "./shape.ts";
import { startNetworkThread } from "./startNetworkThread.ts";

/** What was measured once for several benches, and what the machine did meanwhile. */
export type Shared<T> = { value: T; machine: MachineUse };

/** A network and loaded clients, which the benches of a run share, since loading takes long. */
export type World = {
  person(shape: Shape): Promise<Shared<LoadedPerson>>;
  /** Measures what has that name, the first time that it is asked for. */
  once<T>(name: string, measure: () => Promise<T>): Promise<Shared<T>>;
  dispose(): Promise<void>;
};

export async function openWorld(note: (line: string) => void): Promise<World> {
  const network = await startNetworkThread();
  const inMemory = await temporaryFolder(await memoryFolder());
  const onDisk = await temporaryFolder(tmpdir());
  const measured = new Map<string, Promise<Shared<unknown>>>();

  function once<T>(name: string, measure: () => Promise<T>): Promise<Shared<T>> {
    const known = measured.get(name) as Promise<Shared<T>> | undefined;
    if (known) return known;
    const watch = watchMachine();
    const measuring = measure().then((value) => ({ value, machine: watch.read() }));
    measured.set(name, measuring);
    return measuring;
  }

  return {
    once,
    person: (shape) =>
      once(`a client with ${nameOf(shape)}`, () => {
        note(`loading a client with ${nameOf(shape)} …`);
        return loadPerson(network, (shape.asPeopleHaveIt ? onDisk : inMemory).path, shape);
      }),
    async dispose() {
      await network.close();
      await inMemory.dispose();
      await onDisk.dispose();
    },
  };
}
