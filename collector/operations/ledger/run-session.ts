import { DaybookError } from '../../base/errors.ts';
import { showText } from '../../base/show.ts';
import { type LedgerKey, own } from '../../formats/ledger/record.ts';
import { sessionPlaceOf } from '../../formats/ledger/session-place.ts';
import type { LedgerWriter } from '../../store/ledger/ledger-writer.ts';
import { heartbeatMs, ownerOfProcess, stalenessOf, thisWorld } from '../../store/ledger/staleness.ts';
import { type Allocated, type AllocateRequest, allocateRun, isDone } from './write-ledger.ts';

/** What the function of a session gets. */
export interface LedgerSession extends LedgerKey {
  /** Folder for the run's files, relative to the ledger's own; undefined where names do not make a safe one. */
  folder: string | undefined;
  /** Whether an earlier run with the same parameters goes on. */
  resumed: boolean;
  /** Names files the run produced: name -> path. */
  attach(files: Record<string, string>): Promise<void>;
}

/** How a session ended. */
export interface SessionResult<T> extends LedgerKey {
  resumed: boolean;
  /** True where the same parameters were done before: then the function was not called. */
  skipped: boolean;
  result: T | undefined;
}

/** How to run a session. */
export type SessionOptions = Pick<AllocateRequest, 'relpath' | 'maxsize'> & {
  /** Run again what is done, under a new uid. */
  again?: boolean;
};

/**
 * Runs a function as a run of the ledger: the earlier run with the same parameters goes on, or a new one is allocated; it
 * is marked running, gives signs of life, and ends as done, or as error when the function throws. What is done already
 * is not run again.
 * @throws DaybookError `exists` where the same parameters are running in a process that is alive; what the function throws.
 */
export async function runSession<T>(
  writer: LedgerWriter,
  identifier: string,
  params: unknown,
  run: (session: LedgerSession) => T | Promise<T>,
  options: SessionOptions = {},
): Promise<SessionResult<T>> {
  const { again, ...place } = options;
  const request = { ...place, identifier, params };
  const hasParams = params !== undefined && params !== null && again !== true;
  const given = await allocateRun(writer, { ...request, params: params ?? undefined, resume: hasParams });
  const key = { identifier: given.identifier, relpath: given.relpath, uid: given.uid };
  if (isDone(given.record)) return { ...key, resumed: true, skipped: true, result: undefined };
  refuseRunning(given);
  const owner = () => ownerOfProcess(Date.now() * 1000);
  await writer.log(key, { status: 'running', by: owner() });
  const beat = setInterval(
    () => void writer.log(key, { isBeat: true, by: owner() }).catch(() => undefined),
    heartbeatMs,
  );
  beat.unref();
  try {
    const result = await run({
      ...key,
      folder: sessionPlaceOf(key)?.folder,
      resumed: given.resumed,
      attach: async (files) => void (await writer.log(key, { files: Object.entries(files) })),
    });
    await writer.log(key, { status: 'done' });
    return { ...key, resumed: given.resumed, skipped: false, result };
  } catch (error) {
    await writer.log(key, { status: 'error' });
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** A run that says running belongs to the one who runs it, unless they are gone. */
function refuseRunning({ identifier, uid, record, owner }: Allocated): void {
  if (record === undefined || own(record, 'status') !== 'running' || owner === undefined) return;
  const world = thisWorld();
  const isOurs = owner.pid === process.pid && owner.host === world.host;
  if (!isOurs && stalenessOf({ status: 'running', owner, history: [] }, world) !== undefined) return;
  throw new DaybookError('exists', `${identifier} ${uid} has these parameters and is running.`, {
    where: `${identifier} ${uid}`,
    hint: `Wait for it${owner.pid === undefined ? '' : ` (process ${owner.pid} on ${showText(owner.host, 60)})`}, or run with { again: true }.`,
  });
}
