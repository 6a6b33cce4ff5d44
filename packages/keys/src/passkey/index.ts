export { passkey, type PasskeyOptions } from "./passkey.ts";
export { supportsPasskeys } from "./supportsPasskeys.ts";
