const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size as people read it: `512 byte`, `4.2 kB`, `31 MB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat("en", { style: "unit", unit: units[power], maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 }).format(
    value,
  );
}
