import { connect, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from "node:http2";

/** The five bytes in front of a gRPC message, then the message. */
export function frame(message: Uint8Array, { flags = 0, length = message.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** What came back: HTTP status, gRPC status and message, from the headers or the trailers. */
export type RawAnswer = { status: number; grpcStatus: number | undefined; grpcMessage: string };

/** A request to make byte by byte. */
export type RawRequest = {
  path: string;
  body?: Uint8Array;
  method?: string;
  headers?: Record<string, string>;
};

/** Makes one request over cleartext HTTP/2 without any gRPC library. Rejects if the stream is reset. */
export async function rawGrpc(url: string, { path, body, method = "POST", headers }: RawRequest): Promise<RawAnswer> {
  const session = connect(url);
  try {
    return await new Promise<RawAnswer>((resolve, reject) => {
      session.on("error", reject);
      const stream = session.request({
        ":method": method,
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      const received: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
      stream.on("response", (fields) => void Object.assign(received, fields));
      stream.on("trailers", (fields) => void Object.assign(received, fields));
      stream.on("error", reject);
      stream.on("end", () => {
        const { [":status"]: status, "grpc-status": grpcStatus, "grpc-message": grpcMessage = "" } = received;
        resolve({
          status: Number(status),
          grpcStatus: grpcStatus === undefined ? undefined : Number(grpcStatus),
          grpcMessage: decodeURIComponent(String(grpcMessage)),
        });
      });
      stream.resume();
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}
