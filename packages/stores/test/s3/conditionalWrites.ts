import type S3rver from "@20minutes/s3rver";
import type { Middleware } from "@20minutes/s3rver";

/** `If-Match` and `If-None-Match` of PutObject: comparing and writing are one step. */
export function conditionalWrites({ store }: S3rver): Middleware {
  const turns = new Map<string, Promise<void>>();

  return async (context, next) => {
    const [match, noneMatch] = [context.get("if-match"), context.get("if-none-match")];
    if (context.method !== "PUT" || (match === "" && noneMatch === "")) return next();
    const turn = (turns.get(context.path) ?? Promise.resolve())
      .catch(() => {})
      .then(async () => {
        const [, bucket = "", ...key] = decodeURIComponent(context.path).split("/");
        const stored = await store.getObject(bucket, key.join("/"));
        stored?.content.destroy();
        const isMet = match === "" ? stored === null : stored !== null && match === stored.metadata.etag;
        if (isMet) return next();
        context.status = 412;
        context.type = "application/xml";
        context.body = "<Error><Code>PreconditionFailed</Code></Error>";
      });
    turns.set(context.path, turn);
    await turn;
  };
}
