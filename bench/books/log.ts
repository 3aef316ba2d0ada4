import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { compactTime, isoMicros } from '../../collector/base/time.ts';
import { type ActionLine, serializeAction } from '../../collector/formats/actions/action.ts';
import { type SampleEvent, sampleSession, sessionGaps } from './events.ts';
import { Random } from './random.ts';

/** Which log to write: how many lines, over how long, and in how many files. */
export interface LogSize {
  lines: number;
  days: number;
  /** A file for every month that is over, as an archive has them. */
  monthly: boolean;
  /** Names of runs that actions speak of. */
  runs: readonly string[];
}

/** Of the lines that come late, half within the hour. */
const lateShare = 0.0005;
const repeatedShare = 0.0001;
const foreignShare = 0.3;
const lateEndShare = 0.02;
const endlessShare = 0.002;
const start = Date.UTC(2025, 10, 1) * 1000;
/** Of sessions in this log, and of the waits between them in the real one. */
const linesPerSession = 23;
const realWaitSeconds = 2400;

interface Waiting {
  atUs: number;
  line: () => Omit<ActionLine, 'checksum'>;
  foreign: boolean;
}

/**
 * Writes snapshots/action_log.jsonl with the shape of real logs: sessions with bursts, quiet nights, actions of two lines of
 * which some end hours or days later and some never, lines of the original without checksums, lines that came late (as after
 * a merge) and lines that stand twice.
 */
export function writeLog(root: string, size: LogSize): void {
  const random = new Random(20_261_127);
  const endUs = start + size.days * 86_400e6;
  const out = new LogFiles(join(root, 'snapshots'), size.monthly ? endUs : undefined);
  const ends: Waiting[] = [];
  let [atUs, session] = [start, 0];
  while (out.lines < size.lines) {
    // Sessions come as often as it takes for the lines to fill the days.
    const pace =
      Math.max(0, endUs - atUs) /
      1e6 /
      Math.max(1, (size.lines - out.lines) / linesPerSession) /
      realWaitSeconds;
    const foreign = random.isWithin(foreignShare);
    const run = random.isWithin(0.1) && size.runs.length > 0 ? random.one(size.runs) : undefined;
    for (const event of sampleSession(random, session++)) {
      atUs +=
        Math.round(1000 * event.gapMs * (event.gapMs > 1000 ? Math.min(1, pace / 4) : 1)) + random.below(900);
      const id = event.end === undefined || random.isWithin(endlessShare) ? undefined : random.hex(12);
      const lateUs = random.isWithin(lateShare)
        ? random.below(random.isWithin(0.5) ? 3600e6 : 86_400e6 * 3)
        : 0;
      out.write(lineOf(random, event, Math.max(start, atUs - lateUs), { foreign, id, run }), foreign, atUs);
      if (random.isWithin(repeatedShare)) out.writeAgain();
      if (event.end !== undefined && id !== undefined)
        ends.push(endOf(random, event.end, { id, run, foreign, atUs }));
      if (out.lines >= size.lines) break;
    }
    const hour = (atUs / 3600e6) % 24;
    atUs += Math.round(random.quantile(sessionGaps) * 1e6 * pace * (hour > 22 || hour < 5 ? 3 : 0.7));
    for (const [at, end] of [...ends.entries()].reverse())
      if (end.atUs <= atUs && out.lines < size.lines) {
        out.write(end.line(), end.foreign, end.atUs);
        ends.splice(at, 1);
      }
  }
  out.close();
}

function endOf(
  random: Random,
  end: NonNullable<SampleEvent['end']>,
  { id, run, foreign, atUs }: { id: string; run: string | undefined; foreign: boolean; atUs: number },
): Waiting {
  const endedUs =
    atUs + (random.isWithin(lateEndShare) ? random.below(5 * 86_400) * 1e6 : 1000 + random.below(2400) * 1e6);
  return {
    atUs: endedUs,
    foreign,
    line: () => lineOf(random, { ...end, gapMs: 0 }, endedUs, { foreign, id, run }),
  };
}

function lineOf(
  random: Random,
  { type, status, details }: SampleEvent,
  atUs: number,
  { foreign, id, run }: { foreign: boolean; id: string | undefined; run: string | undefined },
): Omit<ActionLine, 'checksum'> {
  const started_at = isoMicros(atUs);
  const action = {
    type,
    status,
    ...(id === undefined ? {} : { id }),
    started_at,
    details,
  } as ActionLine['action'];
  const head = {
    snapshot_id: `action_${compactTime(atUs)}${foreign ? '' : `_${random.hex(6)}`}`,
    snapshot_type: 'action' as const,
    timestamp: started_at,
  };
  const named = run === undefined ? {} : { run };
  if (foreign)
    return {
      ...head,
      ...named,
      action,
      metadata: { generated_by: 'BarrotSnapshotGenerator', version: '1.0.0' },
    };
  const source = { host: `runner-${random.below(6)}`, pid: 4242 };
  return { ...head, ...named, source, metadata: { generated_by: 'daybook', version: '0.1.0' }, action };
}

/** The files of a log, written in pieces of some megabytes. */
class LogFiles {
  lines = 0;
  readonly #folder: string;
  readonly #endUs: number | undefined;
  #waiting: Buffer[] = [];
  #size = 0;
  #month = '';
  #descriptor: number | undefined;

  constructor(folder: string, endUs: number | undefined) {
    this.#folder = folder;
    this.#endUs = endUs;
  }

  write(line: Omit<ActionLine, 'checksum'>, foreign: boolean, atUs: number): void {
    this.#openFor(atUs);
    const bytes = foreign ? Buffer.from(`${JSON.stringify(line)}\n`) : serializeAction(line);
    this.#waiting.push(bytes);
    this.#size += bytes.length;
    this.lines += 1;
    if (this.#size > 4e6) this.#flush();
  }

  writeAgain(): void {
    if (this.#waiting.length > 0) this.#waiting.push(this.#waiting[this.#waiting.length - 1]!);
  }

  close(): void {
    this.#flush();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** The newest month stands in the log itself. */
  #openFor(atUs: number): void {
    const month = new Date(Math.min(atUs, (this.#endUs ?? atUs) - 1) / 1000).toISOString().slice(0, 7);
    const isNew = this.#endUs !== undefined && month > this.#month;
    if (this.#descriptor !== undefined && !isNew) return;
    this.close();
    this.#month = month;
    const last =
      this.#endUs === undefined || month === new Date(this.#endUs / 1000 - 1).toISOString().slice(0, 7);
    this.#descriptor = openSync(
      join(this.#folder, last ? 'action_log.jsonl' : `action_log-${month}.jsonl`),
      'w',
    );
  }

  #flush(): void {
    if (this.#size > 0) writeSync(this.#descriptor!, Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#size = 0;
  }
}
