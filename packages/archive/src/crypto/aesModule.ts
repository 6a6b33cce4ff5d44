import { aesTables } from "./aesTables.ts";
import { add, type Code, get, I32, i32, isLess, leb, load, loop, set, setAndGet, simd, store, V128, wasmModule, xor } from "./wasmCode.ts";

/** How many blocks one pass encrypts: their steps alternate, so that the processor need not wait for any of them. */
export const BLOCKS_TOGETHER = 2;
const BLOCK_BYTES = 16;

/** Where in the module's memory everything stands. */
export const aesLayout = {
  /** One after another, in the order of {@link aesTables}. */
  tables: 0,
  firstKey: 256,
  lastKey: 272,
  lastShift: 288,
  /** For each round but the last: its key, and the orders that look one and three rows further. */
  rounds: 512,
  roundBytes: 48,
  blocks: 2_048,
} as const;

/** Rounds of AES-256 but the last, which has no MixColumns. */
export const EQUAL_ROUNDS = 13;

/**
 * How bytes are looked up. The relaxed instruction is one of the processor's own, and newer: it may treat indices from 16 to 127 in another way,
 * which do not occur here.
 */
export type LookUp = keyof typeof lookUps;
const lookUps = { strict: [0x0e], relaxed: [0x80, 2] } satisfies Record<string, Code>;

const and = (a: Code, b: Code): Code => simd([0x4e], a, b);
const andNot = (a: Code, b: Code): Code => simd([0x4f], a, b);
const shiftRight = (a: Code, bits: number): Code => simd([0xad, 1], a, i32(bits));

/** The two parameters, and where the loop over rounds is. */
const AT = 0;
const END = 1;
const ROUND = 2;

const encryptBlocks = (how: LookUp): Code => {
  /** Looks up each byte of `at`; one over 127 finds zero. */
  const lookUp = (table: Code, at: Code): Code => simd(lookUps[how], table, at);
  let locals = ROUND;
  const local = () => ++locals;
  const tableNames = Object.keys(aesTables) as (keyof typeof aesTables)[];
  const tables = Object.fromEntries(tableNames.map((name) => [name, local()])) as Record<keyof typeof aesTables, number>;
  const table = (name: keyof typeof aesTables): Code => get(tables[name]);
  const [key, oneFurther, threeFurther] = [local(), local(), local()];
  const states = Array.from({ length: BLOCKS_TOGETHER }, () => ({ byte: local(), i: local(), j: local(), u: local(), v: local() }));
  type State = (typeof states)[number];

  const low = (state: State): Code => and(get(state.byte), table("lowNibble"));
  const high = (state: State): Code => shiftRight(andNot(get(state.byte), table("lowNibble")), 4);
  const inverse = (value: Code): Code => lookUp(table("inverse"), value);
  const invertBytes = (state: State): Code => [
    ...set(state.i, high(state)),
    ...set(state.byte, low(state)),
    ...set(state.j, xor(get(state.byte), get(state.i))),
    ...set(state.byte, lookUp(table("inverseByNorm"), get(state.byte))),
    ...set(state.u, xor(inverse(xor(inverse(get(state.i)), get(state.byte))), get(state.j))),
    ...set(state.v, xor(inverse(xor(inverse(get(state.j)), get(state.byte))), get(state.i))),
  ];
  const substituted = (state: State, step: "once" | "twice" | "plain"): Code =>
    xor(lookUp(table(`${step}U`), get(state.u)), lookUp(table(`${step}V`), get(state.v)));

  const begin = (state: State, index: number): Code => [
    ...set(state.byte, load(get(AT), index * BLOCK_BYTES)),
    ...set(
      state.byte,
      xor(xor(lookUp(table("writtenLow"), low(state)), lookUp(table("writtenHigh"), high(state))), load(i32(0), aesLayout.firstKey)),
    ),
  ];
  // MixColumns makes 2a + 3b + c + d of a byte and those below it. With s = 2a + b that is s, the s of the row below, and d.
  const round = (state: State): Code => [
    ...invertBytes(state),
    ...set(state.byte, substituted(state, "once")),
    ...set(state.i, xor(substituted(state, "twice"), lookUp(get(state.byte), get(oneFurther)))),
    ...set(
      state.byte,
      xor(xor(get(state.i), lookUp(get(state.i), get(oneFurther))), xor(lookUp(get(state.byte), get(threeFurther)), get(key))),
    ),
  ];
  const finish = (state: State, index: number): Code => [
    ...invertBytes(state),
    ...store(
      get(AT),
      index * BLOCK_BYTES,
      xor(lookUp(substituted(state, "plain"), load(i32(0), aesLayout.lastShift)), load(i32(0), aesLayout.lastKey)),
    ),
  ];

  const { rounds, roundBytes } = aesLayout;
  const allRounds = loop(
    [
      ...set(key, load(get(ROUND), 0)),
      ...set(oneFurther, load(get(ROUND), BLOCK_BYTES)),
      ...set(threeFurther, load(get(ROUND), 2 * BLOCK_BYTES)),
      ...states.flatMap(round),
    ],
    isLess(setAndGet(ROUND, add(get(ROUND), i32(roundBytes))), i32(rounds + EQUAL_ROUNDS * roundBytes)),
  );
  const body = [
    ...tableNames.flatMap((name, index) => set(tables[name], load(i32(0), aesLayout.tables + index * BLOCK_BYTES))),
    ...loop(
      [...states.flatMap(begin), ...set(ROUND, i32(rounds)), ...allRounds, ...states.flatMap(finish)],
      isLess(setAndGet(AT, add(get(AT), i32(BLOCKS_TOGETHER * BLOCK_BYTES))), get(END)),
    ),
    0x0b,
  ];
  return [2, 1, I32, ...leb(locals - ROUND), V128, ...body];
};

/** A module of some 800 bytes that exports `memory` of 64 kB, and `encrypt(at, end)`, which encrypts the blocks that stand there. */
export const aesModule = (how: LookUp): Uint8Array<ArrayBuffer> => wasmModule("encrypt", encryptBlocks(how), 1);
