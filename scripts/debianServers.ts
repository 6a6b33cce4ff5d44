import { existsSync } from "node:fs";

export type ServerPackages = {
  /** What is there once it is installed. */
  files: readonly string[];
  packages: readonly string[];
  /** What the packages have the system start with the machine. */
  services?: readonly string[];
};

/** The servers of Debian that the stores are tested against. */
export const debianServers = {
  apache: { files: ["/usr/sbin/apache2"], packages: ["apache2-bin"] },
  nginx: {
    files: ["/usr/sbin/nginx", "/usr/lib/nginx/modules/ngx_http_dav_ext_module.so"],
    packages: ["nginx-light", "libnginx-mod-http-dav-ext"],
    services: ["nginx.service"],
  },
  lighttpd: {
    files: ["/usr/sbin/lighttpd", "/usr/lib/lighttpd/mod_webdav.so"],
    packages: ["lighttpd", "lighttpd-mod-webdav"],
    services: ["lighttpd.service"],
  },
  rclone: { files: ["/usr/bin/rclone"], packages: ["rclone"] },
  "sabre/dav": { files: ["/usr/bin/php", "/usr/share/php/Sabre/autoload.php"], packages: ["php-cli", "php-sabre-dav"] },
  "RADOS Gateway": {
    files: ["/usr/bin/radosgw", "/usr/bin/ceph-mon", "/usr/bin/ceph-osd", "/usr/bin/ceph"],
    packages: ["radosgw", "ceph-mon", "ceph-osd", "ceph-common"],
    services: ["ceph.target", "ceph-crash.service", "rbdmap.service"],
  },
} satisfies Record<string, ServerPackages>;

export type DebianServer = keyof typeof debianServers;

export function isInstalled(server: DebianServer): boolean {
  return debianServers[server].files.every((file) => existsSync(file));
}

/** Why a server's tests are skipped. */
export function notInstalled(server: DebianServer): string {
  return `there is no ${server}: run "node scripts/ensureServers.ts" as root on Debian, or install ${debianServers[server].packages.join(", ")}`;
}
