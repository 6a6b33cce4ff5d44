import { fetchFiles } from "./fetchFiles.ts";
import { WebWorker } from "./WebWorker.ts";

/** Loads the real browser SDK, which runs in Node once it finds web workers. Its databases are in memory. */
export async function loadBrowserSdk() {
  fetchFiles();
  Object.assign(globalThis, { Worker: WebWorker });
  const { Client, createEOASigner, LogLevel } = await import("@xmtp/browser-sdk");
  return {
    newBrowserInstallation(apiUrl: string) {
      const options = {
        env: "local" as const,
        apiUrl,
        dbPath: null,
        disableDeviceSync: true,
        loggingLevel: LogLevel.Off,
      };
      return Client.create(createEOASigner(), options);
    },
  };
}
