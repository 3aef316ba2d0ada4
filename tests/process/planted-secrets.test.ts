import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBook } from '../../collector/index.ts';
import { run } from '../cli/run.ts';
import { git, repository } from '../store/receipts/repository.ts';

/** Put together, so that no token stands in this file. */
const token = `ghp${'_'}${'a1B2c3D4e5'.repeat(4)}`;
const body = Array.from({ length: 30 }, (_, at) => `${'MIIEvQIBADANBg'.repeat(4)}${at}`);
const key = [`-----BEGIN ${'PRIVATE'} KEY-----`, ...body].join('\n');

/** Every file below a folder that holds one of the texts; of git only what is no packed or loose object. */
function holding(folder: string, ...texts: string[]): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/.git'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => texts.some((text) => readFileSync(path).includes(text)))
    .map((path) => path.slice(folder.length + 1))
    .filter((path) => path !== 'token.txt');
}

/** One record of every kind, with the token in every text that a caller may give. */
async function recordEverything(root: string): Promise<void> {
  const book = await openBook(root);
  const text = `see ${token}`;
  await book.actions.append({
    type: text,
    id: text,
    run: text,
    error: text,
    details: { note: text, [text]: 1, list: [text], blob: `${text} ${'x'.repeat(80_000)}` },
    source: { host: 'h', pid: 1, branch: text, url: `https://x.example/?access_token=${token}` },
  });
  await book.actions.track(text, { note: text }, () => 1);
  await book.periodic.take();
  const config = { note: text, nested: { list: [text] } };
  await book.receipts.issue({
    config,
    data: { [text]: 'source/data.txt' },
    repos: { main: 'source' },
    out: 'runs/a',
    run: text,
  });
  const experiment = await book.experiments.start('runs/b', {
    name: text,
    description: text,
    tags: [text],
    config,
  });
  await experiment.tag(text);
  await experiment.describe(text);
  await experiment.artifact('source/data.txt', { description: text, tags: [text], id: text });
  await experiment.metric({ [`loss ${token}`]: 1 }, { step: 1 });
  await experiment.fail(new Error(text));
  const { uid } = await book.ledger.allocate('train', { params: { note: text } });
  await book.ledger.log('train', uid, { status: 'running', files: [[text, text]] });
  await book.versions.save({ note: text, [text]: text }, { description: text, userInfo: { note: text } });
  await book.close();
}

describe('a secret in any text of any record', () => {
  it('is not written to the book', async () => {
    const root = repository({ 'source/.keep': '', 'daybook.yaml': probes });
    mkdirSync(join(root, 'snapshots'), { recursive: true });
    writeFileSync(join(root, 'source/data.txt'), 'a\n');
    writeFileSync(join(root, 'token.txt'), `password=hunter2hunter2 ${token}\n`);
    git(root, 'remote', 'add', 'origin', `https://${token}@github.example/x.git?token=${token}`);
    git(root, 'checkout', '--quiet', '-b', `work-${token}`);
    await recordEverything(root);
    const line = [
      'exec',
      `t-${token}`,
      '--lock',
      '--repo',
      'source',
      '--set',
      `a.b=${token}`,
      '--out',
      'runs/c',
      '--',
    ];
    await run(root, [...line, 'sh', '-c', `printf '%s\n' '${key}'; echo "${token}" >&2; exit 3`], {
      env: { PATH: process.env.PATH },
    });
    await run(root, ['tag', 'best', 'runs/c', '-m', token]);
    const [version] = JSON.parse((await run(root, ['store', 'list', '--json'])).out) as { version: string }[];
    const periodic = readdirSync(join(root, 'snapshots')).find((name) => name.startsWith('periodic_'))!;
    for (const name of [version!.version, periodic.replace('.json', '')])
      expect(await run(root, ['store', 'tag', name, `tag ${token}`])).toMatchObject({ exitCode: 0 });
    expect(holding(root, token, 'hunter2hunter2', body[15]!, body[29]!)).toEqual([]);
    expect(git(root, 'for-each-ref', '--format=%(contents)', 'refs/flexlock')).not.toContain(token);
    const kinds = holding(root, '‹masked: github token›').map((path) =>
      path.replace(/\d{8}.*(?=\.)|[0-9a-f]{64}/, '*'),
    );
    for (const kind of [
      'snapshots/action_log.jsonl',
      'runs/a/run.lock',
      'runs/b/experiment_tracker.json',
      'runs/b/metrics.jsonl',
      'runs/c/run.lock',
      'metadata',
    ])
      expect(
        kinds.some((path) => path.includes(kind)),
        kind,
      ).toBe(true);
  });

  it('stays where the book says so', async () => {
    const root = repository({ 'source/.keep': '', 'daybook.yaml': 'redaction: off\n' });
    mkdirSync(join(root, 'snapshots'), { recursive: true });
    await (await openBook(root)).actions.append({ type: 't', details: { note: token } });
    expect(holding(root, token)).toEqual(['snapshots/action_log.jsonl']);
  });
});

const probes = `probes:
  - name: failing
    command: cat token.txt >&2; exit 1
  - name: file
    file: token.txt
    as: text
`;

describe('who writes to a book', () => {
  it('passes it through the one place', () => {
    // Where records are made. What they hand on (spool, sync, export, repair) is what has passed here already.
    const makers = [
      'collector/store/action-writer.ts',
      'collector/store/experiments/write-experiment.ts',
      'collector/store/experiments/append-metrics.ts',
      'collector/operations/snapshots/take.ts',
      'collector/operations/receipts/issue-receipt.ts',
      'collector/operations/versions/save.ts',
      'collector/operations/ledger/write-ledger.ts',
      'collector/operations/tags/tag-run.ts',
    ];
    const root = new URL('../..', import.meta.url).pathname;
    const uses = execFileSync('git', ['grep', '-l', 'book-masking.ts', '--', 'collector'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(makers.filter((file) => !uses.includes(file))).toEqual([]);
    const direct = execFileSync('git', ['grep', '-l', 'createMasker', '--', 'collector'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(direct.trim().split('\n').sort()).toEqual([
      'collector/base/mask-secrets.ts',
      'collector/store/action-writer.ts',
      'collector/store/book-masking.ts',
    ]);
  });
});
