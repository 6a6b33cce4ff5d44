import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { responseError } from "../transport/responseError.ts";
import { TransientFailure } from "../transport/transientFailure.ts";
import type { DavFolder } from "./davFolder.ts";

/**
 * What a server answers that does not know the address in `Destination` for one of its own, or does not find its folder (500 at Apache).
 */
const refusals = [400, 403, 404, 410, 412, 500, 502];
/** What a server answers too that is at work, or fails: where it puts a file together, it is asked in no other form then. */
const failures = [500, 502];
/** What a server answers that does not rename at all. */
const unknownMethod = [405, 501];

/** How a file is named in `Destination`; undefined where nothing is known that the form could say. */
type Form = (folder: DavFolder, name: string) => string | undefined;

const innerUrl: Form = ({ innerUrlOf }, name) => innerUrlOf(name);
/**
 * In the order in which they are tried: the app's address of the file and then the server's own. Each is tried as it is, by its path, and
 * with the other scheme.
 */
const forms: readonly Form[] = [
  ({ urlOf }, name) => urlOf(name),
  ({ urlOf }, name) => pathOf(urlOf(name)),
  ({ urlOf }, name) => otherScheme(urlOf(name)),
  innerUrl,
  ({ innerUrlOf }, name) => pathOf(innerUrlOf(name)),
  ({ innerUrlOf }, name) => otherScheme(innerUrlOf(name)),
];

export type DavMoves = ReturnType<typeof davMoves>;
/** How a MOVE or COPY ended: "absent" where there is nothing at its source, "unsupported" where the server does not know the method. */
export type MoveOutcome = "done" | "absent" | "unsupported";

export type MoveRequest = CallOptions & {
  method: "MOVE" | "COPY";
  /** The address of what is to be moved. */
  from: string;
  /** The name that it gets. */
  to: string;
  failure: string;
  /**
   * Whether the server puts the file together now, which can take it minutes: a 502 is then the word of a proxy that has not waited.
   * @default false
   */
  isAssembly?: boolean;
};

/**
 * Gives files other names. A proxy that ends TLS, or serves the folder elsewhere, passes `Destination` on as it is, and the server behind
 * it takes that address for another server's. Then the address is given as the server itself sees it, and the form that worked is tried
 * first from then on.
 *
 * Source: RFC 4918, sections 9.8.5, 9.9.4 and 10.3.
 */
export function davMoves(folder: DavFolder) {
  const { transport } = folder;
  const unsupported = new Set<string>();
  let known: Form | undefined;

  async function ask({ method, from, signal, failure, isAssembly = false }: MoveRequest, destination: string): Promise<Response> {
    const expects = [...unknownMethod, ...refusals.filter((status) => !isAssembly || !failures.includes(status))];
    const headers = { Destination: destination, Overwrite: "T" };
    return transport.exchange({ method, url: from, headers, signal, failure, expects }, async ({ response }) => response);
  }

  /**
   * One go, in each form that the server may understand. Look for the file before another: sabre/dav, rclone and others remove what has
   * its name first, and then find nothing that could take its place.
   *
   * @throws TransientFailure when its failure can pass
   * @throws STORE_MOVE_REFUSED when the server refuses every form, although it answers and has the file
   */
  async function once(request: MoveRequest): Promise<MoveOutcome> {
    const { method, to, failure } = request;
    if (unsupported.has(method)) return "unsupported";
    const tried = new Set<string | undefined>([undefined]);
    const refused: Response[] = [];
    for (const form of known ? [known, ...forms] : forms) {
      if (form === innerUrl && !folder.innerUrlOf(to)) await folder.look(request, failure);
      const destination = form(folder, to);
      if (destination === undefined || tried.has(destination)) continue;
      // A server that refused may have done it first: several servers remove the target of a MOVE before they find no source.
      if (refused.length > 0 && !(await isThere(request))) return "absent";
      tried.add(destination);
      const response = await ask(request, destination);
      if (unknownMethod.includes(response.status)) {
        unsupported.add(method);
        return "unsupported";
      }
      // 207 says that a part of it failed.
      if (response.ok && response.status !== 207) {
        if (known !== form && (await folder.sizeOf(to, request, failure)) === undefined)
          throw moveRefused(failure, "It put the file elsewhere.");
        known = form;
        return "done";
      }
      refused.push(response);
    }
    if (!(await isThere(request))) return "absent";
    throw refusalOf(refused, failure);
  }

  /** Whether what is to be moved is still there; of what is put together, the folder of its parts. */
  async function isThere({ from, signal, failure, isAssembly = false }: MoveRequest): Promise<boolean> {
    const url = isAssembly ? new URL(".", from).href : from;
    return transport.exchange(
      { method: "PROPFIND", url, headers: { Depth: "0" }, signal, failure, expects: [404] },
      async ({ response }) => response.ok,
    );
  }

  /**
   * Moves a file of so many bytes as long as its failure can pass. A server that is still at it is waited for: the more bytes, the
   * longer. A refusal of a proxy gets a second chance.
   *
   * `isDone` looks whether the server has done it meanwhile: it is asked whenever nobody said how a request ended.
   */
  async function move(request: MoveRequest, sizeBytes: number, isDone = async () => !(await isThere(request))): Promise<MoveOutcome> {
    let [wasAsked, wasRefused] = [false, false];
    const attempt = async (): Promise<MoveOutcome> => {
      if (wasAsked && (await isDone())) return "absent";
      wasAsked = true;
      try {
        return await once(request);
      } catch (error) {
        if (error instanceof BackupError && error.code === "STORE_MOVE_REFUSED" && !wasRefused) {
          wasRefused = true;
          throw new TransientFailure(error);
        }
        if (!(error instanceof TransientFailure) || !mayBeAtWork(error, request)) throw error;
        if (await isDone()) return "absent";
        throw new TransientFailure(error.failure, { waitMs: error.waitMs, isAtWork: true });
      }
    };
    return transport.retrying(attempt, { signal: request.signal, patienceMs: patienceMs(sizeBytes) });
  }

  /** Whether the server gives files other names at all. */
  const canMove = () => !(unsupported.has("MOVE") && unsupported.has("COPY"));

  return { move, canMove };
}

/** How long a server may be at work with a file. Slow ones copy some megabytes in a second. */
function patienceMs(sizeBytes: number): number {
  return 5 * 60_000 + sizeBytes / 2_000;
}

/** Whether the server may be doing what it was asked for, although nobody waited for its answer: a lock, or a gateway whose time was up. */
function mayBeAtWork({ status }: TransientFailure, { isAssembly }: MoveRequest): boolean {
  if (isAssembly) return status !== 429 && status !== 500;
  return status !== undefined && [408, 423, 504, 524].includes(status);
}

function refusalOf(refused: readonly Response[], failure: string): Error {
  const [first] = refused;
  const isOfRights = refused.every(({ status }) => status === 403);
  const isGone = refused.every(({ status }) => status === 404 || status === 410);
  if (first && (isOfRights || isGone || first.status === 500)) return responseError(first, failure, Date.now());
  return moveRefused(failure, `It answered ${refused.map(({ status }) => status).join(", ")}.`);
}

function moveRefused(failure: string, answer: string): BackupError {
  return new BackupError("STORE_MOVE_REFUSED", failure, { details: `The server does not give files another name. ${answer}` });
}

function otherScheme(url: string | undefined): string | undefined {
  return url?.replace(/^http(s?):/, (_, secure: string) => (secure === "" ? "https:" : "http:"));
}

function pathOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).pathname;
}
