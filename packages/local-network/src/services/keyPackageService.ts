import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import { FetchKeyPackagesResponseSchema, type MlsApi } from "../gen/xmtp/mls/api/v1/mls_pb.ts";
import { MlsFormatError } from "../mls/createReader.ts";
import { parseKeyPackage } from "../mls/parseKeyPackage.ts";
import type { KeyPackages } from "../store/createKeyPackages.ts";
import { invalidArgument } from "./rejections.ts";

/** Uploading and fetching key packages. */
export function keyPackageService(keyPackages: KeyPackages) {
  return {
    uploadKeyPackage({ keyPackage }) {
      if (keyPackage === undefined) throw invalidArgument("no key package");
      const bytes = keyPackage.keyPackageTlsSerialized;
      keyPackages.put(installationKeyOf(bytes), bytes);
      return create(EmptySchema);
    },
    fetchKeyPackages({ installationKeys }) {
      return create(FetchKeyPackagesResponseSchema, {
        keyPackages: installationKeys.map((installationKey) => {
          const keyPackageTlsSerialized = keyPackages.get(installationKey);
          return keyPackageTlsSerialized ? { keyPackageTlsSerialized } : {};
        }),
      });
    },
  } satisfies Partial<ServiceImpl<typeof MlsApi>>;
}

function installationKeyOf(keyPackage: Uint8Array): Uint8Array {
  try {
    return parseKeyPackage(keyPackage).installationKey;
  } catch (error) {
    if (error instanceof MlsFormatError) throw invalidArgument(`invalid key package: ${error.message}`, error);
    throw error;
  }
}
