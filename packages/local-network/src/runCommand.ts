import { type Command, help, parseCommand } from "./parseCommand.ts";
import { type LocalNetwork, startLocalNetwork } from "./startLocalNetwork.ts";

/** Runs the command line to its end and returns the exit code: 0, 1 if the network can't start, 2 if it asks for nonsense. */
export async function runCommand(args: string[]): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(args);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${help}`);
    return 2;
  }
  if (command.kind === "help") {
    console.log(help);
    return 0;
  }
  let network: LocalNetwork;
  try {
    network = await startLocalNetwork(command.options);
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
  const interrupted = untilInterrupted();
  console.log(network.url);
  await interrupted;
  await network.close();
  return 0;
}

/** Settles at the first SIGINT or SIGTERM. A second one ends the process the usual way. */
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
