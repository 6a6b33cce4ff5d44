import { Code, ConnectError } from "@connectrpc/connect";

/** The answer to a request that can't be right: gRPC status INVALID_ARGUMENT. */
export function invalidArgument(message: string, cause?: unknown): ConnectError {
  return new ConnectError(message, Code.InvalidArgument, undefined, undefined, cause);
}

/** The answer where XMTP's nodes give an error no status of its own: gRPC status UNKNOWN. */
export function unknownError(message: string): ConnectError {
  return new ConnectError(message, Code.Unknown);
}

/** The answer where XMTP's nodes blame themselves: gRPC status INTERNAL. */
export function internalError(message: string): ConnectError {
  return new ConnectError(message, Code.Internal);
}
