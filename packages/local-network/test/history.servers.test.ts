import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";

import { describe, expect, test } from "vitest";

import { useNetworks } from "./support/useNetwork.ts";

const start = useNetworks();

describe("history sync routes", () => {
  test("default", async () => {
    const network = await start();
    const file = randomBytes(3_000_000);
    const uploaded = await fetch(`${network.url}/upload`, { method: "POST", body: file });
    expect(uploaded.status).toBe(200);
    const id = await uploaded.text();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const downloaded = await fetch(`${network.url}/files/${id}`);
    expect(downloaded.status).toBe(200);
    expect(downloaded.headers.get("access-control-allow-origin")).toBe("*");
    expect(file.equals(await downloaded.bytes())).toBe(true);
    expect(network.stats()).toMatchObject({ files: 1, calls: { "POST /upload": 1, "GET /files": 1 } });
  });

  test("behavior: an empty file", async () => {
    const { url } = await start();
    const id = await (await fetch(`${url}/upload`, { method: "POST" })).text();
    const downloaded = await fetch(`${url}/files/${id}`);
    expect([downloaded.status, (await downloaded.bytes()).length]).toEqual([200, 0]);
  });

  test("behavior: refuses a file that is too large", async () => {
    const { port, stats } = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 300000000\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    expect(stats().files).toBe(0);
  });

  test.each([
    ["GET", "/files/none"],
    ["GET", "/files/"],
    ["GET", "/files/../../etc/passwd"],
    ["GET", "/upload"],
    ["POST", "/files/none"],
    ["GET", "/"],
  ])("behavior: %s %s is not there", async (method, path) => {
    const { url } = await start();
    expect((await fetch(url + path, { method })).status).toBe(404);
  });
});
