import type { KnownConditions } from "../policy/conditions.ts";
import type { CallOptions } from "./callOptions.ts";
export type DeviceEvent = "wake" | "online" | "changed";
export interface Device {
  conditions(options?: CallOptions): Promise<KnownConditions>;
  watch(listener: (event: DeviceEvent) => void): () => void;
}
export const silentDevice: Device = { conditions: async () => ({}), watch: () => () => undefined };
