import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { seededRandom } from "./seededRandom.ts";

/** Passes bytes on to a server and cuts each connection after a random number of them, in either direction. */
export async function cuttingProxy(upstream: string, seed: number, longestBytes: number) {
  const { hostname, port } = new URL(upstream);
  const random = seededRandom(seed);
  const sockets = new Set<Socket>();
  let cuts = 0;

  const server = createServer((client) => {
    const target = connect(Number(port), hostname);
    let left = Math.ceil(random() * longestBytes);
    const end = () => {
      client.destroy();
      target.destroy();
    };
    const pass = (from: Socket, to: Socket) => {
      sockets.add(from);
      from.on("error", end).on("close", end);
      from.on("data", (bytes: Buffer) => {
        to.write(bytes.subarray(0, left));
        left -= bytes.length;
        if (left > 0) return;
        cuts += 1;
        end();
      });
    };
    pass(client, target);
    pass(target, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
