/** The product of two bytes in the field of AES (FIPS 197, section 4.2). */
export const multiply = (a: number, b: number): number => {
  let product = 0;
  for (let bits = b; bits > 0; bits >>= 1) {
    if (bits & 1) product ^= a;
    a = (a << 1) ^ (a & 0x80 ? 0x11b : 0);
  }
  return product;
};

const power = (a: number, exponent: number): number => {
  let product = 1;
  for (let bits = exponent; bits > 0; bits >>= 1) {
    if (bits & 1) product = multiply(product, a);
    a = multiply(a, a);
  }
  return product;
};

/** The inverse of a byte; that of zero is zero. */
export const invert = (a: number): number => power(a, 254);

const rotate = (byte: number, bits: number): number => ((byte << bits) | (byte >> (8 - bits))) & 0xff;

/** The linear part of the S-box, which follows the inversion. */
export const spread = (byte: number): number => byte ^ rotate(byte, 1) ^ rotate(byte, 2) ^ rotate(byte, 3) ^ rotate(byte, 4);

/** What the S-box adds at the end. */
export const S_BOX_CONSTANT = 0x63;

const nibbles = Array.from({ length: 16 }, (_, value) => value);
/** Elements of the subfield with sixteen elements are sums of these: powers of an element that generates it. */
const basis = [0, 1, 2, 3].map((exponent) => power(3, 17 * exponent));

/** The element of the subfield that a nibble stands for. */
export const fromNibble = (nibble: number): number => basis.reduce((sum, element, bit) => sum ^ ((nibble >> bit) & 1 ? element : 0), 0);

/** The nibble that stands for an element of the subfield. */
export const toNibble = (element: number): number => nibbles.findIndex((nibble) => fromNibble(nibble) === element);

const findZ = (): number => {
  let candidate = 2;
  while ((candidate ^ power(candidate, 16)) !== 1) candidate++;
  return candidate;
};

/** An element that makes one with its conjugate, its sixteenth power. So each byte is a sum `i·z + j·(z + 1)` of two nibbles. */
export const z = findZ();

/** The product of `z` and its conjugate, an element of the subfield. */
export const norm = multiply(z, z ^ 1);

/** The byte with those two nibbles. */
export const join = (i: number, j: number): number => multiply(i, z) ^ multiply(j, z ^ 1);
