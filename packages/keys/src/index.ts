export { fromRecoveryPhrase } from "./fromRecoveryPhrase.ts";
export { toRecoveryPhrase } from "./toRecoveryPhrase.ts";
