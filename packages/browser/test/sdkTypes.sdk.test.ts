import type { Client } from "@xmtp/browser-sdk";
import type { Client as OlderClient } from "browser-sdk-7.0.0";
import { expectTypeOf, test } from "vitest";
import type { browserHost } from "../src/host/browserHost.ts";

type Accepted = Parameters<typeof browserHost>[0];

test("default: clients of every version of the SDK that is tested fit by their types", () => {
  expectTypeOf<Client>().toExtend<Accepted>();
  expectTypeOf<Client<unknown>>().toExtend<Accepted>();
  expectTypeOf<OlderClient>().toExtend<Accepted>();
});

test("behavior: a client without the archive calls does not fit", () => {
  expectTypeOf<Omit<Client, "createArchive">>().not.toExtend<Accepted>();
  expectTypeOf<Omit<Client, "importArchive"> & { importArchive: unknown }>().not.toExtend<Accepted>();
});
