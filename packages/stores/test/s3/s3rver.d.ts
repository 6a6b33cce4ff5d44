declare module "@20minutes/s3rver" {
  import type { RequestListener, Server } from "node:http";

  export type Context = {
    method: string;
    path: string;
    query: Record<string, string | undefined>;
    status: number;
    type: string;
    body: unknown;
    get(header: string): string;
  };

  export type Middleware = (context: Context, next: () => Promise<void>) => Promise<void>;

  export default class S3rver {
    constructor(options: {
      directory: string;
      silent: boolean;
      vhostBuckets: boolean;
      configureBuckets: { name: string }[];
      port: number;
      address: string;
    });
    readonly middleware: Middleware[];
    readonly store: {
      getObject(bucket: string, key: string): Promise<{ metadata: { etag: string }; content: { destroy(): void } } | null>;
    };
    httpServer: Server;
    configureBuckets(): Promise<unknown>;
    callback(): RequestListener;
  }
}
