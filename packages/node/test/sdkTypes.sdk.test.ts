import type { Agent, Client as AgentsClient } from "@xmtp/agent-sdk";
import type { Client } from "@xmtp/node-sdk";
import { expectTypeOf, test } from "vitest";
import type { nodeHost } from "../src/host/nodeHost.ts";

type Accepted = Parameters<typeof nodeHost>[0];

test("default: clients of every copy and version of the SDK that is tested fit by their types", () => {
  expectTypeOf<Client>().toExtend<Accepted>();
  expectTypeOf<Client<unknown>>().toExtend<Accepted>();
  expectTypeOf<AgentsClient>().toExtend<Accepted>();
  expectTypeOf<Agent["client"]>().toExtend<Accepted>();
});

test("behavior: a client without the archive calls does not fit", () => {
  expectTypeOf<Omit<Client, "createArchive">>().not.toExtend<Accepted>();
  expectTypeOf<Omit<Client, "importArchive"> & { importArchive: unknown }>().not.toExtend<Accepted>();
});
