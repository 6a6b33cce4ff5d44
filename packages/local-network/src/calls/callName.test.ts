import { expect, test } from "vitest";

import { IdentityApi } from "../gen/xmtp/identity/api/v1/identity_pb.ts";
import { MlsApi } from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import { rpcNames } from "./callName.ts";

test("default", () => {
  const declared = [...MlsApi.methods, ...IdentityApi.methods].map(({ name }) => name);
  expect([...rpcNames]).toEqual(declared);
});
