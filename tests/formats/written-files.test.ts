import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { parseLenientJson } from '../../collector/base/json/lenient.ts';
import { parsePlainJson } from '../../collector/base/json/text.ts';
import {
  experimentBesideSchema,
  experimentSchema,
  metricsLineSchema,
} from '../../collector/formats/experiments/schema.ts';
import { ledgerJournalSchema, ledgerSchema } from '../../collector/formats/ledger/schema.ts';
import {
  bundleManifestSchema,
  versionDeltaSchema,
  versionExportSchema,
  versionPinSchema,
  versionRegistrySchema,
  versionSchema,
} from '../../collector/formats/versions/schema.ts';
import { type DaybookBook, openBook } from '../../collector/index.ts';
import { temporaryBook } from '../helpers.ts';

/** What a schema says against a file that lies in the book, or against each line of it. */
function problems(root: string, file: string, schema: z.ZodType): unknown[] {
  const text = readFileSync(join(root, file), 'utf8');
  const parts = file.endsWith('.jsonl') ? text.trim().split('\n') : [text];
  return parts.flatMap((part) => {
    const { error } = schema.safeParse(JSON.parse(part));
    return error === undefined ? [] : [{ part: part.slice(0, 300), issues: error.issues }];
  });
}

async function withBook(work: (book: DaybookBook) => Promise<void>): Promise<string> {
  const root = temporaryBook({ 'm.pth': 'weights', 'c.png': 'x', 'daybook.yaml': 'title: t\n' });
  const book = await openBook(root);
  try {
    await work(book);
  } finally {
    await book.close();
  }
  return root;
}

describe('what Daybook writes fits the published schemas:', () => {
  it('a ledger and its journal', async () => {
    let journal = '';
    const root = await withBook(async ({ ledger, root: folder }) => {
      await ledger.run('train', { lr: 0.1, deep: { big: 3 } }, ({ attach }) => attach({ model: 'm.pth' }));
      await ledger.run('train', undefined, () => undefined, { relpath: 'grid/a' });
      await expect(ledger.run('eval', { seed: 1 }, () => Promise.reject(new Error('boom')))).rejects.toThrow(
        'boom',
      );
      const { uid } = await ledger.allocate('__proto__', { params: { x: null } });
      await ledger.log('__proto__', uid, { status: 'running', files: [['__proto__', 'a']] });
      journal = readFileSync(join(folder, 'metadata.journal.jsonl'), 'utf8');
    });
    writeFileSync(join(root, 'kept.jsonl'), journal);
    expect(problems(root, 'kept.jsonl', ledgerJournalSchema)).toEqual([]);
    expect(new Set(journal.match(/"op":"\w+"/g))).toEqual(new Set(['"op":"allocate"', '"op":"log"']));
    expect(problems(root, 'metadata.json', ledgerSchema)).toEqual([]);
    const records = Object.values(JSON.parse(readFileSync(join(root, 'metadata.json'), 'utf8')));
    expect(records).toHaveLength(3);
  });

  it('an experiment, what lies beside it, and its metrics', async () => {
    const root = await withBook(async ({ experiments }) => {
      const one = await experiments.start('runs/a', {
        config: { training: { epochs: 3 } },
        tags: ['t'],
        description: 'd',
        run: 'results:train/003',
      });
      await one.metric({ loss: 0.5, iou: Number.NaN }, { epoch: 1, directions: { loss: 'min' } });
      await one.metric({ loss: Number.NEGATIVE_INFINITY, 'deep.name': 1 }, { step: 2.5 });
      await one.artifact('m.pth', { type: 'checkpoint', tags: ['best'], description: 'd' });
      await one.artifact('s3://bucket/x');
      await one.fail(new Error('boom'));
      await experiments.start('runs/b');
    });
    for (const folder of ['runs/a', 'runs/b']) {
      expect(problems(root, `${folder}/experiment_tracker.json`, experimentSchema.strict())).toEqual([]);
      expect(problems(root, `${folder}/experiment_daybook.json`, experimentBesideSchema.strict())).toEqual(
        [],
      );
    }
    expect(problems(root, 'runs/a/metrics.jsonl', metricsLineSchema)).toEqual([]);
  });

  it('versions, their registry, deltas, tags, exports and bundles', async () => {
    const root = await withBook(async ({ versions, periodic, root: folder }) => {
      const list = Array.from({ length: 50 }, (_, n) => ({ n, text: `entry ${n}` }));
      await versions.save({ list }, { version: 'one', tags: ['t'], userInfo: { a: 1 } });
      await versions.saveDelta({ list: list.slice(1) }, { version: 'two', strategy: 'patch' });
      await versions.save('a text\n'.repeat(50), { version: 'three' });
      await versions.saveDelta(`${'a text\n'.repeat(50)}more\n`, { version: 'four', strategy: 'patch' });
      await versions.tag((await periodic.take()).snapshot_id, ['kept']);
      await versions.export('two', join(folder, 'out/two.json'));
      await versions.export(['one', 'four'], join(folder, 'out/all.tar.gz'));
    });
    const [store, folder] = ['snapshots/store', join(root, 'out')];
    const found = (pattern: string) =>
      globSync(pattern, { cwd: root }).map((path) => path.replaceAll('\\', '/'));
    for (const file of found(`${store}/metadata/*.json`))
      expect(problems(root, file, versionSchema.strict())).toEqual([]);
    expect(problems(root, `${store}/registry.json`, versionRegistrySchema.strict())).toEqual([]);
    const deltas = found(`${store}/data/*.patch.json`);
    expect(deltas).toHaveLength(2);
    for (const file of deltas) expect(problems(root, file, versionDeltaSchema)).toEqual([]);
    const pins = found(`${store}/periodic/*.json`);
    expect(pins).toHaveLength(1);
    expect(problems(root, pins[0]!, versionPinSchema)).toEqual([]);
    await extract({ file: join(folder, 'all.tar.gz'), cwd: folder });
    expect(problems(root, 'out/manifest.json', bundleManifestSchema)).toEqual([]);
    for (const file of ['out/two.json', ...found('out/versions/*.json')])
      expect(problems(root, file, versionExportSchema)).toEqual([]);
  });
});

describe('what the originals write fits the same schemas:', () => {
  const fixtures = join(import.meta.dirname, '../fixtures');
  const files = (pattern: string) => globSync(pattern, { cwd: fixtures });

  it.each(files('ledger/*.json'))('the ledger %s', (file) => {
    expect(problems(fixtures, file, ledgerSchema)).toEqual([]);
  });

  it.each(files('runs-book/experiments/*/experiment_tracker.json'))('the experiment %s', (file) => {
    // One of them holds NaN, which only Python takes for JSON.
    const parsed = parseLenientJson(readFileSync(join(fixtures, file), 'utf8'), parsePlainJson);
    expect(parsed.ok && experimentSchema.strict().safeParse(parsed.value).error).toBeUndefined();
  });

  it.each(files('framework0/*/metadata/*.json'))('the version %s', (file) => {
    expect(problems(fixtures, file, versionSchema)).toEqual([]);
  });

  it.each(files('framework0/*/registry.json'))('the registry %s', (file) => {
    expect(problems(fixtures, file, versionRegistrySchema)).toEqual([]);
  });
});

describe('a file of the original that Daybook changed', () => {
  const fixture = join(import.meta.dirname, '../fixtures/runs-book/experiments');

  it('still fits, also where it held NaN', async () => {
    const name = '20250721-163456-swinv2_hybrid';
    const file = `${name}/experiment_tracker.json`;
    const root = temporaryBook();
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(join(fixture, file), join(root, file));
    const book = await openBook(root);
    const experiment = await book.experiments.open(name);
    await experiment.tag('seen');
    await book.close();
    expect(problems(root, file, experimentSchema.strict())).toEqual([]);
    expect(JSON.parse(readFileSync(join(root, file), 'utf8')).best_metrics.val_loss).toBe('NaN');
  });
});
