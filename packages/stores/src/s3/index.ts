export { type S3Credentials, type S3Keys, s3Store, type S3StoreOptions } from "./s3Store.ts";
