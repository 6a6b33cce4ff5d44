import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";

import {
  FetchKeyPackagesRequestSchema,
  FetchKeyPackagesResponseSchema,
  SubscribeWelcomeMessagesRequestSchema,
} from "../src/gen/xmtp/mls/api/v1/mls_pb.ts";
import { frame } from "./support/rawGrpc.ts";
import { until } from "../../../test/until.ts";
import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();
const servicePath = "/xmtp.mls.api.v1.MlsApi";
const origin = "https://app.example";
const trailerFlag = 0x80;

/** The frames of a grpc-web body. */
function frames(body: Uint8Array): { flags: number; bytes: Buffer }[] {
  const buffer = Buffer.from(body);
  const found = [];
  for (let offset = 0; offset < buffer.length; ) {
    const end = offset + 5 + buffer.readUInt32BE(offset + 1);
    found.push({ flags: buffer[offset]!, bytes: buffer.subarray(offset + 5, end) });
    offset = end;
  }
  return found;
}

describe("a page in a browser", () => {
  test("default", async () => {
    const { url } = await start();
    const message = toBinary(
      FetchKeyPackagesRequestSchema,
      create(FetchKeyPackagesRequestSchema, { installationKeys: [Uint8Array.of(1)] }),
    );
    const response = await fetch(`${url}${servicePath}/FetchKeyPackages`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", origin },
      body: frame(message),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/grpc-web+proto");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("grpc-status");
    const [answer, trailer] = frames(await response.bytes());
    expect(fromBinary(FetchKeyPackagesResponseSchema, answer!.bytes).keyPackages).toHaveLength(1);
    expect(trailer!.flags).toBe(trailerFlag);
    expect(String(trailer!.bytes)).toMatch(/^grpc-status: ?0\r\n/);
  });

  test("behavior: asks for permission first (CORS preflight)", async () => {
    const network = await start();
    const response = await fetch(`${network.url}${servicePath}/SendGroupMessages`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-grpc-web,x-app-version",
        "access-control-request-private-network": "true",
      },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "content-type,x-grpc-web,x-app-version",
      "access-control-allow-private-network": "true",
    });
    expect(network.stats().calls.SendGroupMessages).toBe(0);
  });

  test("behavior: learns of an error in the trailer", async () => {
    const { url } = await start();
    const response = await fetch(`${url}${servicePath}/SendGroupMessages`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto" },
      body: frame(new Uint8Array()),
    });
    const [trailer] = frames(await response.bytes());
    expect(trailer!.flags).toBe(trailerFlag);
    expect(String(trailer!.bytes)).toMatch(/grpc-status: ?3\r\n/);
  });

  test("behavior: may read an error that is in the headers", async () => {
    const { url } = await start();
    const response = await fetch(`${url}${servicePath}/Nothing`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto" },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("grpc-status")).toBe("12");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("behavior: gets the headers of a subscription at once, and may leave", async () => {
    const network = await start();
    const leave = new AbortController();
    const request = create(SubscribeWelcomeMessagesRequestSchema, { filters: [{ installationKey: Uint8Array.of(1) }] });
    const response = await fetch(`${network.url}${servicePath}/SubscribeWelcomeMessages`, {
      method: "POST",
      headers: { "content-type": "application/grpc-web+proto" },
      body: frame(toBinary(SubscribeWelcomeMessagesRequestSchema, request)),
      signal: leave.signal,
    });
    expect(response.status).toBe(200);
    await until(() => network.stats().openSubscriptions.welcomeMessages === 1);
    const ended = expect(response.bytes()).rejects.toThrow();
    leave.abort();
    await ended;
    await until(() => network.stats().openSubscriptions.welcomeMessages === 0);
  });
});
