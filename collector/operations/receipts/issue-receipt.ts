import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import { DaybookError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json/json.ts';
import { isoMicros } from '../../base/time.ts';
import { receiptSchema } from '../../formats/receipts/receipt.ts';
import { serializeReceipt } from '../../formats/receipts/text.ts';
import { carryNotation } from '../../formats/yaml/cursor.ts';
import { maskingOf } from '../../store/book-masking.ts';
import { ownerOfProcess } from '../../store/ledger/staleness.ts';
import type { HashProgress } from '../../store/receipts/hash-files.ts';
import { recordCode } from '../../store/receipts/shadow-commit.ts';
import { keepInSpool } from '../../store/spool/spool-file.ts';
import { digestAll, digestOutputs } from './digest-named.ts';
import { readEnvironment } from './environment.ts';
import type { PathMap } from './named-paths.ts';
import { embedStages } from './previous-stages.ts';
import {
  beginReceipt,
  type IssuedReceipt,
  putReceipt,
  type TakenPlace,
  takePlace,
  type Wish,
} from './put-receipt.ts';
import { placeOfReceipt, shownPlace } from './receipt-place.ts';

/** What a receipt shall say; paths are relative to the folder of the effects. */
export interface ReceiptRequest {
  config: JsonObject;
  /** How values of it were written that held interpolations, by their place ("data.paths[0]"). */
  configTexts?: Readonly<Record<string, string>>;
  repos: PathMap;
  /** What of a repository counts as code of this run, by name of the repository; for comparison alone. */
  scopes?: Readonly<Record<string, { include?: string[]; exclude?: string[]; module?: string }>>;
  data: PathMap;
  previous: readonly string[] | PathMap;
  /** The run.lock of a sweep whose task this is: code and environment are the parent's. */
  parent?: string | undefined;
  /** Id that ties the receipt to a run elsewhere. */
  run?: string | undefined;
  /** A folder or a file; save_dir of the configuration where it is not given. */
  out?: string | undefined;
  merge: boolean;
  /** Puts it in the place of one that is there, which is kept beside it. */
  replace?: boolean;
  /** Keeps it at another place rather than not at all, where it clashes with what it is to be added to. */
  mayMove?: boolean;
  shadow: boolean;
  /** Names the digest of every file, however many. */
  manifest: boolean;
  /** Environment variables to record. */
  variables: readonly string[];
  command?: readonly string[] | undefined;
  outputs?: PathMap;
  /** What another receipt has recorded already and is as it was; data that is named beside it is digested. */
  taken?: {
    repos: JsonObject;
    data: JsonObject;
    inputs: JsonObject;
    lineage: JsonObject;
    prevs: JsonObject;
    cwd: string;
  };
}

/** What issuing needs from the world. */
export interface ReceiptEffects {
  clock?: Clock;
  env: NodeJS.ProcessEnv;
  /** Where relative paths start. */
  from: string;
  progress?: (what: string, progress?: HashProgress) => void;
}

/** How the command ended that a receipt is for. */
export interface CommandOutcome {
  exitCode: number;
  signal?: string | null;
  /** Why it did not end well. */
  error?: string | undefined;
  durationMs: number;
}

/** A receipt whose code and inputs are taken and that waits for the end of its run. */
export interface OpenReceipt {
  /** Where it will stand: relative to the book, or absolute outside of it. */
  file: string;
  environment: JsonObject;
  /**
   * Puts there what is known already, so that it stays known what was run whatever ends this process; `finish` puts the
   * whole receipt in its place. False where its folder is not there yet: a program that makes it itself must not find it
   * made. Never throws.
   */
  begin(): boolean;
  /** `more` tells further parts of the receipt when its outputs are digested. */
  finish(
    outcome?: CommandOutcome,
    more?: (outputs: JsonObject) => Promise<JsonObject>,
  ): Promise<IssuedReceipt>;
  /** Gives its place away without a receipt. */
  release(): void;
}

/**
 * Issues the receipt of a run: configuration, code, data, previous stages and environment, as a run.lock.
 * @throws DaybookError where something named is not there, names clash, or another file is in the way.
 */
export async function issueReceipt(
  root: string,
  request: ReceiptRequest,
  effects: ReceiptEffects,
): Promise<IssuedReceipt> {
  return (await openReceipt(root, request, effects)).finish();
}

/** Takes code, inputs and previous stages as they are now; the file is written when the run has ended. */
export async function openReceipt(
  root: string,
  request: ReceiptRequest,
  effects: ReceiptEffects,
): Promise<OpenReceipt> {
  const wanted = placeOfReceipt(request, effects.from);
  const place = takePlace(root, wanted, wishOf(request), request.mayMove ?? false);
  try {
    return await openAt(root, place, request, effects);
  } catch (error) {
    place.release();
    throw error;
  }
}

function wishOf({ merge, replace = false }: ReceiptRequest): Wish {
  if (merge && replace) {
    throw new DaybookError(
      'usage',
      'A receipt is either added to or replaced: found --merge and --replace.',
      {
        hint: 'Leave one of them out.',
      },
    );
  }
  if (merge) return 'merge';
  return replace ? 'replace' : undefined;
}

async function openAt(
  root: string,
  place: TakenPlace,
  request: ReceiptRequest,
  effects: ReceiptEffects,
): Promise<OpenReceipt> {
  const { path } = place;
  const startedAtUs = (effects.clock ?? systemClock).nowUs();
  const stages = embedStages(request.previous, { root, from: effects.from, own: path });
  const parent = request.parent === undefined ? undefined : parentPath(root, request.parent, effects.from);
  const [repos, environment] = await Promise.all([
    recordRepositories(root, request, effects),
    readEnvironment({ root, cwd: effects.from, ...request, env: effects.env, command: request.command }),
  ]);
  const data = await digestAll(root, request.data, request, effects);
  const masking = await maskingOf(root);
  const receiptWith = (outputs: JsonObject, further?: JsonObject, outcome?: CommandOutcome): JsonObject => {
    const receipt: JsonObject = {
      schema: receiptSchema,
      // Python before 3.11 does not read a Z.
      timestamp: isoMicros(startedAtUs).replace('Z', '+00:00'),
      ...(request.run !== undefined && { run: request.run }),
      ...(parent !== undefined && { parent }),
      ...further,
      config: request.config,
      ...filled('config_texts', { ...request.configTexts }),
      ...filled('repos', { ...request.taken?.repos, ...repos }),
      ...filled('data', { ...request.taken?.data, ...data.hashes }),
      ...filled('inputs', { ...request.taken?.inputs, ...data.inputs }),
      ...filled('outputs', outputs),
      environment: {
        ...environment,
        ...(request.taken && { cwd: request.taken.cwd }),
        ...(outcome && endOf(outcome)),
      },
      ...filled('lineage', { ...request.taken?.lineage, ...stages.lineage }),
      ...filled('prevs', { ...request.taken?.prevs, ...stages.prevs }),
    };
    const clean = masking.receipt(receipt);
    carryNotation(receipt, clean);
    return clean;
  };
  let begun: string | undefined;
  return {
    file: shownPlace(root, path),
    environment,
    release: () => place.release(),
    begin() {
      if (!existsSync(dirname(path))) return false;
      begun ??= beginReceipt(place, runningReceipt(receiptWith({})));
      return true;
    },
    async finish(outcome, more) {
      const outputs = await digestOutputs(root, request, effects);
      const clean = receiptWith(outputs, await more?.(outputs), outcome);
      try {
        return await putReceipt(root, place, clean, request.mayMove ?? false, begun);
      } catch (error) {
        // What a command ran with cannot be found out again; a receipt of now can be asked for once more.
        throw outcome === undefined ? error : keepReceipt(root, place.path, clean, error);
      }
    },
  };
}

/** A receipt whose run goes on: who runs it, by which it can be told whether it still does. */
function runningReceipt(receipt: JsonObject): JsonObject {
  const { host, pid, start } = ownerOfProcess(0);
  const running = { host, pid: pid!, ...(start !== undefined && { start }) };
  return { ...receipt, environment: { ...(receipt['environment'] as JsonObject), running } };
}

function keepReceipt(root: string, path: string, receipt: JsonObject, error: unknown): unknown {
  if (!(error instanceof DaybookError) || !['unwritable', 'disk-full'].includes(error.code)) return error;
  try {
    const entry = { kind: 'receipt', file: shownPlace(root, path), text: serializeReceipt(receipt) } as const;
    const folder = keepInSpool(root, [entry]);
    const message = `${error.message} It waits in ${folder} until the next recording takes it in.`;
    return new DaybookError(error.code, message, { cause: error });
  } catch {
    return error;
  }
}

function endOf({ exitCode, signal, error, durationMs }: CommandOutcome): JsonObject {
  return {
    exit_code: exitCode,
    ...(signal && { signal }),
    ...(error !== undefined && { error }),
    duration_ms: durationMs,
  };
}

const filled = (key: string, map: JsonObject): JsonObject =>
  Object.keys(map).length > 0 ? { [key]: map } : {};

function parentPath(root: string, given: string, from: string): string {
  const path = resolve(from, given);
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'run.lock') : path;
  if (!existsSync(file)) {
    throw new DaybookError(
      'not-found',
      `Expected the run.lock of the parent at ${given}, found nothing there.`,
      {
        where: given,
        hint: 'Issue the receipt of the sweep before those of its tasks.',
      },
    );
  }
  return shownPlace(root, file);
}

async function recordRepositories(
  root: string,
  { repos, scopes = {}, shadow }: ReceiptRequest,
  { from, progress }: ReceiptEffects,
): Promise<JsonObject> {
  const recorded: JsonObject = Object.create(null);
  for (const [name, path] of repos) {
    progress?.(`code of ${name} …`);
    const scope = Object.hasOwn(scopes, name) ? scopes[name] : {};
    recorded[name] = await recordCode({ path, ...scope }, { root, from, shadow });
  }
  return recorded;
}
