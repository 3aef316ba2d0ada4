import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as collector from '../../collector/read.ts';
import { loadBook } from '../../src/data/book/load.ts';
import type { CollectorReads } from '../../src/data/book/read-records.ts';
import type { SiteBook } from '../../src/data/book/types.ts';
import { boundColumns } from '../../src/data/runs/columns.ts';
import type { RunColumn } from '../../src/data/runs/types.ts';
import { foreignLine, temporaryBook } from '../helpers.ts';

const snapshot = (day: number, state: object) => ({
  snapshot_id: `periodic_2026010${day}_000000`,
  snapshot_type: 'periodic',
  timestamp: `2026-01-0${day}T00:00:00Z`,
  system_state: state,
});

function sampleBook(): string {
  const root = temporaryBook({
    'daybook.yaml': 'schedule: "0 * * * *"\n',
    'snapshots/action_log.jsonl': `${foreignLine({ type: 'deploy' })}\n`,
    'snapshots/periodic_20260101_000000.json': JSON.stringify(snapshot(1, { a: 1 })),
    'snapshots/periodic_20260102_000000.json': JSON.stringify(snapshot(2, { a: 2 })),
    'r/run.lock': 'timestamp: "2026-01-01T00:00:00"\nconfig:\n  lr: 0.1\n',
    'snapshots/store/registry.json': JSON.stringify({
      snapshots: { v1: { version: 'v1', timestamp: 1.7e9 } },
      tags: {},
    }),
  });
  mkdirSync(join(root, 'snapshots/store/data'), { recursive: true });
  mkdirSync(join(root, 'snapshots/store/metadata'), { recursive: true });
  writeFileSync(join(root, 'snapshots/store/data/v1.data'), '{"a": 1}');
  writeFileSync(
    join(root, 'snapshots/store/metadata/v1.json'),
    JSON.stringify({ version: 'v1', timestamp: 1.7e9, type: 'full', tags: [] }),
  );
  return root;
}

async function load(root: string, reads: CollectorReads): Promise<SiteBook> {
  const loaded = await loadBook(root, reads, { nowUs: 1.8e15, version: '0', progress: () => undefined });
  loaded.publish(join(root, 'site'));
  return loaded.book;
}

/** What the pages show, by the part they are about. */
function shown(book: SiteBook) {
  return {
    actions: book.actions.total,
    snapshots: book.snapshots.map(({ id }) => book.changesOf(id).length),
    runs: book.runs.views.map(({ slug }) => Object.keys(book.runs.detailsOf(slug)?.params ?? {})),
    versions: book.versions.views.map(({ version }) => version),
  };
}

/** A collector of which one function fails. */
function failing(name: string, error: Error): CollectorReads {
  return {
    ...collector,
    [name]: () => {
      throw error;
    },
  };
}

const whole = { actions: 1, snapshots: [0, 1], runs: [['lr']], versions: ['v1'] };

describe('a reader that fails', () => {
  it.each([
    ['readActions', 'actions', { actions: 0 }],
    ['passPeriodic', 'snapshots', { snapshots: [] }],
    ['readRuns', 'runs', { runs: [] }],
    ['findRunFiles', 'runs', { runs: [] }],
    ['openVersionReader', 'versions', { versions: [] }],
    ['auditVersions', 'versions', { versions: [] }],
    ['coverage', 'schedule', {}],
    ['checkLatest', 'snapshots', {}],
    ['listLeftovers', 'snapshots', {}],
  ])('costs what it reads, and all else is whole: %s', async (name, part, missing) => {
    const book = await load(sampleBook(), failing(name, new Error('broken on purpose\nand more')));
    expect(shown(book)).toEqual({ ...whole, ...missing });
    expect(book.troubles).toEqual([{ part, why: 'broken on purpose' }]);
    expect(book.findings.filter(({ code }) => code === 'unshown')).toMatchObject([
      { severity: 'error', found: 'broken on purpose' },
    ]);
  });

  it.each(['openVerifySession', 'verifyReceipt', 'readSeries', 'readReceipt'])(
    'costs one run its part: %s',
    async (name) => {
      const book = await load(sampleBook(), failing(name, new Error('broken on purpose')));
      expect(shown(book)).toEqual(whole);
      expect(book.troubles).toEqual([]);
    },
  );

  it('does not hide that the disk is full', async () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    await expect(load(sampleBook(), failing('readRuns', full))).rejects.toBe(full);
  });

  it('says nothing of a book that is well', async () => {
    const book = await load(sampleBook(), collector);
    expect(shown(book)).toEqual(whole);
    expect(book.troubles).toEqual([]);
  });
});

describe('more than can be shown', () => {
  it('of parameters and metrics: what most runs have is shown, and one finding says how much is left out', async () => {
    const names = Array.from({ length: 5000 }, (_, number) => `"m${number}": ${number}`).join(', ');
    const root = temporaryBook({
      'a/metrics.jsonl': `{"step": 1, ${names}}\n`,
      'b/metrics.jsonl': '{"step": 1, "m4999": 2}\n',
      'b/run.lock': 'timestamp: "2026-01-01T00:00:00"\nconfig:\n  lr: 0.1\n',
    });
    const book = await load(root, collector);
    expect(book.troubles).toEqual([]);
    expect(book.runs.columns).toHaveLength(500);
    expect(book.runs.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['lr', 'm0', 'm4999']));
    expect(book.findings).toMatchObject([
      { code: 'left-out', severity: 'note', found: expect.stringMatching(/^5,001: the 500 /) },
    ]);
  });

  it('keeps the order of columns, and half of the places for either kind', () => {
    const column = (kind: RunColumn['kind'], name: string, count: number) =>
      ({ kind, name, count }) as RunColumn;
    const many = (kind: RunColumn['kind']) =>
      Array.from({ length: 400 }, (_, number) => column(kind, `${kind}${number}`, number));
    const kept = boundColumns([...many('param'), ...many('metric')]);
    expect(kept.map(({ name }) => name)).toEqual([
      ...many('param')
        .slice(150)
        .map(({ name }) => name),
      ...many('metric')
        .slice(150)
        .map(({ name }) => name),
    ]);
  });

  it('of a path: what no file system takes is a file that is not there', async () => {
    const root = sampleBook();
    const tracker = {
      experiment_id: 'e',
      experiment_name: 'n',
      status: 'completed',
      artifacts: { model: 'a'.repeat(300) },
      start_time: '2026-01-01T00:00:00',
    };
    mkdirSync(join(root, 'e'));
    writeFileSync(join(root, 'e/experiment_tracker.json'), JSON.stringify(tracker));
    const book = await load(root, collector);
    expect(book.troubles).toEqual([]);
    expect(book.runs.total).toBe(2);
  });
});
