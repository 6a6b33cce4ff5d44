import type { Middleware } from "@20minutes/s3rver";

/** ListMultipartUploads and AbortMultipartUpload, over the uploads that went by. */
export function knownUploads(): Middleware {
  const uploads = new Map<string, { key: string; startedAt: string }>();

  return async (context, next) => {
    const { method, query } = context;
    const key = decodeURIComponent(context.path).split("/").slice(2).join("/");
    if (method === "GET" && key === "" && "uploads" in query) {
      const found = [...uploads].filter(([, upload]) => upload.key.startsWith(query["prefix"] ?? ""));
      context.type = "application/xml";
      context.body = `<ListMultipartUploadsResult>${found.map(toXml).join("")}<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`;
      return;
    }
    if (method === "DELETE" && query["uploadId"] !== undefined) {
      context.status = uploads.delete(query["uploadId"]) ? 204 : 404;
      return;
    }
    await next();
    if (method !== "POST" || context.status !== 200) return;
    if (query["uploadId"] !== undefined) uploads.delete(query["uploadId"]);
    const [, uploadId] = /<UploadId>(.*)<\/UploadId>/.exec(String(context.body)) ?? [];
    if ("uploads" in query && uploadId !== undefined) uploads.set(uploadId, { key, startedAt: new Date().toISOString() });
  };
}

function toXml([uploadId, { key, startedAt }]: [string, { key: string; startedAt: string }]): string {
  return `<Upload><Key>${key}</Key><UploadId>${uploadId}</UploadId><Initiated>${startedAt}</Initiated></Upload>`;
}
