import { parseArgs } from "node:util";

import type { LocalNetworkOptions } from "./startLocalNetwork.ts";

/** The port that the SDKs look at for `env: "local"`. */
export const defaultPort = 5556;

/** What the command line asks for. */
export type Command = { kind: "start"; options: LocalNetworkOptions } | { kind: "help" };

/** What `--help` prints. */
export const help = `Usage: xmtp-local-network [options]

Runs an XMTP network on 127.0.0.1 for the node and the browser SDK, until it is interrupted.

Options:
  --port <number>       port to listen on, 0 for a free one (default ${defaultPort}, that of env "local")
  --persist-to <file>   SQLite file that keeps the network (default: in memory)
  --help                show this
`;

/**
 * Reads the command line.
 *
 * @throws when it has something unknown or a port that is none.
 */
export function parseCommand(args: string[]): Command {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string" },
      "persist-to": { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return { kind: "help" };
  const port = values.port === undefined ? defaultPort : parsePort(values.port);
  const persistTo = values["persist-to"];
  if (persistTo === "") throw new RangeError("--persist-to needs the path of a file");
  return { kind: "start", options: persistTo === undefined ? { port } : { port, persistTo } };
}

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port < 65_536) return port;
  throw new RangeError(`--port needs a number from 0 to 65535, not ${JSON.stringify(value)}`);
}
