import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { growthShapes } from "../backups/growth.ts";
import { manyConversations } from "../backups/backups.ts";
import type { LoadedPerson } from "../loaded/loadPerson.ts";
import { fewConversations, nameOf, type Shape } from "../loaded/shape.ts";
import type { BenchContext } from "../shared/context.ts";
import { type Figure, medianOf } from "../shared/figure.ts";
import { beside, type Result } from "../shared/result.ts";
import { indexedRangeSeconds, keysetSeconds, offsetSeconds, rangeSeconds } from "./exportQueries.ts";
import { listSeconds } from "./listQueries.ts";
import { sdkListSeconds } from "./sdkList.ts";

const rounds = 3;
const rangeMessages = 500;
/** How many messages of all pages are read where all would take minutes. */
const sampledMessages = 2_000;

/** The SDK's queries on databases that it made, read with Node's own SQLite, and what they could be. docs/upstream.md explains them. */
export async function* run(context: BenchContext): AsyncGenerator<Result> {
  const { scaled, isQuick } = context;
  const few: Shape = { messages: scaled(50_000), conversations: fewConversations };
  for (const shape of [few, ...(isQuick ? [] : [growthShapes(context).huge])]) {
    yield* withDatabase(context, shape, (database, person) => exportCases(database, person));
    yield* listCases(context, shape);
  }
  const many = manyConversations(context);
  yield* listCases(context, many);
}

async function* withDatabase(
  { world }: BenchContext,
  shape: Shape,
  cases: (database: DatabaseSync, person: LoadedPerson) => Iterable<Result>,
): AsyncGenerator<Result> {
  const { value: person } = await (await world()).person(shape);
  const path = await person.copyLoaded();
  const database = new DatabaseSync(path);
  // All of the database has room in it: what is measured are visits, and not reads of a file.
  database.exec("PRAGMA cache_size = -2000000");
  try {
    yield* cases(database, person);
  } finally {
    database.close();
    await rm(path);
  }
}

function* exportCases(database: DatabaseSync, { shape }: LoadedPerson): Generator<Result> {
  const { messages } = shape;
  const oneIn = Math.max(1, Math.floor(messages / sampledMessages));
  yield beside(
    `all pages of an export of ${nameOf(shape)}, by offset`,
    repeated(() => offsetSeconds(database, messages, oneIn)),
    "s",
  );
  yield beside(
    `all pages of an export of ${nameOf(shape)}, by the last id`,
    repeated(() => keysetSeconds(database, messages)),
    "s",
  );
  const startNs = startOfLatest(database, rangeMessages);
  const range = `an export of the latest ${rangeMessages} of ${nameOf(shape)}`;
  yield beside(
    `all pages of ${range}, by offset`,
    repeated(() => rangeSeconds(database, rangeMessages, startNs)),
    "s",
  );
  const name = `all pages of ${range}, by an index on the time`;
  indexedRangeSeconds(database, rangeMessages, startNs);
  yield beside(
    name,
    repeated(() => indexedRangeSeconds(database, rangeMessages, startNs)),
    "s",
  );
}

async function* listCases(context: BenchContext, shape: Shape): AsyncGenerator<Result> {
  const { value: person } = await (await context.world()).person(shape);
  const sdkList = await sdkListSeconds(person, rounds);
  yield beside(`the SDK's list of one conversation, synchronous, ${nameOf(shape)}`, medianOf(sdkList), "s");
  yield* withDatabase(context, shape, (database) => listQueryCases(database, shape));
}

function* listQueryCases(database: DatabaseSync, shape: Shape): Generator<Result> {
  const times = Array.from({ length: rounds }, () => listSeconds(database));
  yield beside(`the list's query, ${nameOf(shape)}, as it is`, medianOf(times.map(({ asItIs }) => asItIs)), "s");
  yield beside(`the list's query, ${nameOf(shape)}, a look-up for each conversation`, medianOf(times.map(({ lateral }) => lateral)), "s");
}

function repeated(work: () => number): Figure {
  return medianOf(Array.from({ length: rounds }, work));
}

/** The time of the latest message before that many. */
function startOfLatest(database: DatabaseSync, messages: number): bigint {
  const query = database.prepare("SELECT sent_at_ns FROM group_messages WHERE kind = 1 ORDER BY sent_at_ns DESC LIMIT 1 OFFSET ?");
  query.setReadBigInts(true);
  return (query.get(messages) as { sent_at_ns: bigint } | undefined)?.sent_at_ns ?? 0n;
}
