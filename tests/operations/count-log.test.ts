import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { writeSampleLog } from '../../bench/sample-log.ts';
import { systemClock } from '../../collector/base/clock.ts';
import { sealLine } from '../../collector/formats/actions/action.ts';
import { summarizeBook } from '../../collector/operations/summarize.ts';

const folder = mkdtempSync(join(tmpdir(), 'daybook-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let books = 0;

/** A book whose log is large enough to be remembered. */
function makeBook() {
  const root = join(folder, String(books++));
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  const log = join(root, 'snapshots/action_log.jsonl');
  writeSampleLog(log, 250, 'original');
  // A whole second, which can be set back exactly.
  utimesSync(log, 1_750_000_000, 1_750_000_000);
  return { root, log, memory: join(root, '.daybook/cache/log.json') };
}

/** A clock that says that everything has been at rest for an hour; true times of change still differ, see `tick`. */
const laterUs = (Date.now() + 3_600_000) * 1000;
const later = { nowUs: () => laterUs };
const summarize = (root: string) => summarizeBook(root, later, { memory: 'this build' });
/** The system tells times of change apart by some milliseconds. */
const tick = () => sleep(15);

/** Changes a remembered count, so that it shows where it is believed. */
function forge(memory: string): void {
  const line = JSON.parse(readFileSync(memory, 'utf8')) as { log: { actions: number }; checksum?: string };
  delete line.checksum;
  line.log.actions = 12_345;
  writeFileSync(memory, sealLine(JSON.stringify(line)));
}

describe('what is remembered of a log', () => {
  it('is believed as long as the log is as it was, and not when it changed', async () => {
    const { root, log, memory } = makeBook();
    const first = await summarize(root);
    expect(first.actions).toBe(250);
    expect(await summarize(root)).toEqual(first);
    forge(memory);
    expect((await summarize(root)).actions).toBe(12_345);
    await tick();
    appendFileSync(log, readFileSync(log, 'utf8').split('\n')[0]!.replaceAll('2026-08-01', '2026-09-01'));
    expect(await summarize(root)).toEqual(await summarizeBook(root, later));
  });

  it.each<[string, (memory: string) => void]>([
    ['cut short', (memory) => writeFileSync(memory, readFileSync(memory).subarray(0, 300))],
    ['empty', (memory) => writeFileSync(memory, '')],
    [
      'changed in one byte',
      (memory) => writeFileSync(memory, readFileSync(memory, 'utf8').replace('12345', '12344')),
    ],
    [
      'a folder',
      (memory) => {
        rmSync(memory);
        mkdirSync(memory);
      },
    ],
  ])('is passed over where it is %s', async (_, damage) => {
    const { root, memory } = makeBook();
    const first = await summarize(root);
    forge(memory);
    damage(memory);
    expect(await summarize(root)).toEqual(first);
  });

  it('is of one build of the program, and of none where the caller names none', async () => {
    const { root, memory } = makeBook();
    const first = await summarizeBook(root, later);
    expect(existsSync(join(root, '.daybook'))).toBe(false);
    await summarize(root);
    forge(memory);
    expect(await summarizeBook(root, later)).toEqual(first);
    expect(await summarizeBook(root, later, { memory: 'another build' })).toEqual(first);
  });

  it('is nothing where the log changed a moment ago, where it is small, and where nothing can be written', async () => {
    const { root, log } = makeBook();
    await summarizeBook(root, systemClock, { memory: 'this build' });
    expect(existsSync(join(root, '.daybook'))).toBe(false);
    writeFileSync(join(root, '.daybook'), 'in the way');
    expect(await summarize(root)).toEqual(await summarizeBook(root, later));
    rmSync(join(root, '.daybook'));
    writeSampleLog(log, 100, 'original');
    await summarize(root);
    expect(existsSync(join(root, '.daybook'))).toBe(false);
  });

  it('has no part in what lies outside of the log', async () => {
    const { root, log } = makeBook();
    const digest = 'a'.repeat(64);
    const details = { $blob: `sha256:${digest}`, bytes: 70_000, preview: '{' };
    appendFileSync(log, `${JSON.stringify({ action: { type: 'big', status: 'done', details } })}\n`);
    const missing = await summarize(root);
    expect(missing.findings.error).toBe(1);
    expect(await summarize(root)).toEqual(missing);
    mkdirSync(join(root, 'snapshots/blobs'));
    writeFileSync(join(root, `snapshots/blobs/${digest}.json`), '{}');
    expect((await summarize(root)).bytes.blobs).toBe(2);
    writeFileSync(join(root, 'daybook.yaml'), 'title: Renamed\n');
    expect(await summarize(root)).toEqual(await summarizeBook(root, later));
    expect((await summarize(root)).title).toBe('Renamed');
  });
});

/** What may happen to a log between two summaries; `at` says where. */
const changes: Record<string, (log: string, at: number) => void> = {
  append: (log, at) => {
    const lines = readFileSync(log, 'utf8').split('\n');
    appendFileSync(log, `${lines[at % lines.length]}\n`);
  },
  appendBroken: (log, at) => appendFileSync(log, `{"snapshot_id":"action_${at}","action":{"type":\n`),
  appendPart: (log, at) => appendFileSync(log, `{"snapshot_id":"action_${at}","ac`),
  edit: (log, at) => writeAt(log, at, 'x'),
  editAndSetTimesBack: (log, at) => {
    const { atimeMs, mtimeMs } = statSync(log);
    writeAt(log, at, 'failed');
    utimesSync(log, atimeMs / 1000, mtimeMs / 1000);
  },
  truncate: (log, at) => {
    const descriptor = openSync(log, 'r+');
    ftruncateSync(descriptor, at % (statSync(log).size + 1));
    closeSync(descriptor);
  },
  replace: (log, at) => {
    const bytes = readFileSync(log);
    if (bytes.length > 0) bytes[at % bytes.length] = 0x20;
    writeFileSync(`${log}.new`, bytes);
    renameSync(`${log}.new`, log);
  },
  archive: (log, at) => {
    const lines = readFileSync(log, 'utf8').split('\n');
    const old = lines.splice(0, at % (lines.length + 1)).join('\n');
    writeFileSync(log.replace('action_log', `action_log_${at}`).concat('.gz'), gzipSync(`${old}\n`));
    writeFileSync(log, lines.join('\n'));
  },
  oneInAFile: (log, at) =>
    writeFileSync(join(log, `../action_${at % 3}.json`), JSON.stringify({ action: { type: `t${at % 5}` } })),
  nothing: () => undefined,
};

function writeAt(log: string, at: number, text: string): void {
  const descriptor = openSync(log, 'r+');
  writeSync(descriptor, text, at % (statSync(log).size + 1));
  closeSync(descriptor);
}

describe('a summary with a memory', () => {
  it('is that without one, whatever happens to the log in between', async () => {
    const step = fc.tuple(
      fc.constantFrom(...Object.keys(changes)),
      fc.nat(200_000),
      fc.boolean(), // Whether anybody asks in between.
    );
    let believed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const { root, log, memory } = makeBook();
        await summarize(root);
        for (const [name, at, asks] of steps) {
          await tick();
          changes[name]!(log, at);
          if (asks) expect(await summarize(root)).toEqual(await summarizeBook(root, later));
        }
        expect(await summarize(root)).toEqual(await summarizeBook(root, later));
        expect(await summarize(root)).toEqual(await summarizeBook(root, later));
        forge(memory);
        if ((await summarize(root)).actions === 12_345) believed += 1;
      }),
      { numRuns: 40 },
    );
    expect(believed).toBeGreaterThan(0);
  });
});
