import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../collector/base/clock.ts';
import { settleBook } from '../../../collector/operations/health/settle-book.ts';
import { redact } from '../../../collector/operations/redact/redact.ts';
import { openActionWriter } from '../../../collector/store/action-writer.ts';
import { absorbLines, hasAllLines } from '../../../collector/store/log-merge.ts';
import { writePeriodic } from '../../../collector/store/periodic-store.ts';
import { archiveLog } from '../../../collector/store/segments/archive-log.ts';
import { readAll, temporaryBook } from '../../helpers.ts';

const secret = 'zq-hidden-value-17';
const log = (root: string) => join(root, 'snapshots/action_log.jsonl');
const quiet = () => undefined;

/** Records actions as they are, without masking. */
async function record(
  root: string,
  ...all: { type?: string; id?: string; details: unknown; error?: string }[]
) {
  const writer = openActionWriter(root, { redaction: 'off', actionFiles: true });
  const lines = all.map((each) => writer.append({ type: 'deploy', ...each }));
  await writer.close();
  return lines.map(({ snapshot_id }) => snapshot_id);
}

/** Every file below a folder that holds a text, packed or not. */
function holding(root: string, text: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.git'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      const packed = path.endsWith('.gz')
        ? gunzipSync
        : path.endsWith('.zst')
          ? zstdDecompressSync
          : undefined;
      return (packed === undefined ? bytes : packed(bytes)).includes(text);
    })
    .map((path) => path.slice(root.length + 1));
}

describe('redact', () => {
  it('takes one place out of every copy of a line, and leaves a tombstone and all else as it was', async () => {
    const root = temporaryBook();
    const [id, other] = await record(root, { details: { note: `a ${secret}`, n: 1 } }, { details: { n: 2 } });
    const before = readFileSync(log(root), 'utf8').split('\n');
    writeFileSync(
      join(root, 'snapshots/action_log-2025-11.jsonl.gz'),
      gzipSync(`${before[0]}\n${before[1]}\n`),
    );
    writeFileSync(
      join(root, 'snapshots/action_log-2025-10.jsonl.zst'),
      zstdCompressSync(`${before[1]}\n${before[0]}\n`),
    );
    appendFileSync(log(root), `${before[0]}\r\nhalf a li`);
    const result = await redact(root, id!, 'details.note', systemClock);
    expect(holding(root, secret)).toEqual([]);
    expect(result.files.sort()).toEqual(
      [`${id}.json`, 'action_log-2025-10.jsonl.zst', 'action_log-2025-11.jsonl.gz', 'action_log.jsonl'].map(
        (name) => `snapshots/${name}`,
      ),
    );
    const after = readFileSync(log(root), 'utf8');
    expect(after).toContain(`\n${before[1]}\n`);
    expect(after.trimEnd().endsWith('half a li')).toBe(true);
    const { records, findings } = await readAll(root);
    // The half line alone, which was there before.
    expect(findings.filter(({ severity }) => severity === 'error').map(({ found }) => found)).toEqual([
      expect.stringContaining('half a li'),
    ]);
    const found = records.find(({ snapshotId }) => snapshotId === id)!;
    expect(found.details).toEqual({ note: '‹masked: by hand›', n: 1 });
    expect(found.raw['redacted']).toEqual([{ at: result.at, by: result.by, path: 'details.note' }]);
    expect(records.map(({ snapshotId }) => snapshotId).sort()).toEqual([id, other].sort());
  });

  it('takes all details and the error where no path is given, and the blob they lie in', async () => {
    const root = temporaryBook();
    await record(root, { id: 'd', details: { big: `${secret} `.repeat(6000) }, error: `said ${secret}` });
    expect(holding(root, secret).some((file) => file.includes('blobs/'))).toBe(true);
    await redact(root, 'd', '', systemClock);
    expect(holding(root, secret)).toEqual([]);
    expect((await readAll(root)).findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });

  it('takes a place out of a snapshot and of its copy', async () => {
    const root = temporaryBook();
    const { id } = writePeriodic(
      root,
      { snapshot_type: 'periodic', timestamp: '2026-01-01T00:00:00Z', git: { head: secret } } as never,
      0,
    );
    await redact(root, id, 'git.head', systemClock);
    expect(holding(root, secret)).toEqual([]);
    await expect(redact(root, id, '', systemClock)).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['action_none', 'details'],
    ['', 'details.nothing'],
    ['', 'snapshot_id'],
    ['', 'action'],
  ])('refuses what is not there or must stay: %j %j', async (id, path) => {
    const root = temporaryBook();
    const [known] = await record(root, { details: { a: 1 } });
    const before = readFileSync(log(root));
    await expect(redact(root, id || known!, path, systemClock)).rejects.toMatchObject({ code: 'not-found' });
    expect(readFileSync(log(root)).equals(before)).toBe(true);
  });

  it('says which commits and refs of git still hold it, and which files', async () => {
    const root = temporaryBook({ 'notes.txt': `see ${secret}` });
    const [id] = await record(root, { details: { note: secret } });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        encoding: 'utf8',
      });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-qm', 'one');
    git('tag', 'v1');
    const result = await redact(root, id!, 'details.note', systemClock);
    expect(result.history).toMatchObject({ versions: 2, refs: ['main', 'v1'] });
    expect(result.history!.commits).toEqual([git('rev-parse', 'HEAD').slice(0, 12)]);
    expect(result.remaining).toEqual(['notes.txt']);
  });
});

describe('what was taken out', () => {
  it('is not taken in again from another copy of the log, and other lines are', async () => {
    const root = temporaryBook();
    const [id] = await record(root, { details: { note: secret, n: 1 } }, { details: { n: 2 } });
    const old = readFileSync(log(root));
    await redact(root, id!, 'details.note', systemClock);
    // Another line with the same id is another record.
    const twin = JSON.stringify({
      snapshot_id: id,
      snapshot_type: 'action',
      timestamp: '2026-01-01T00:00:00Z',
      action: { type: 'x', status: 'completed', details: {} },
    });
    const theirs = Buffer.concat([old, Buffer.from(`${twin}\n`)]);
    expect(hasAllLines(readFileSync(log(root)), old)).toBe(true);
    expect(absorbLines(log(root), theirs).added).toBe(1);
    const text = readFileSync(log(root), 'utf8');
    expect(text).not.toContain(secret);
    expect(text).toContain(twin);
  });

  it('goes from a clone that has the old line when it takes in the tombstone, and is not published from there', async () => {
    const [here, there] = [temporaryBook(), temporaryBook()];
    const [id] = await record(here, { details: { note: secret } }, { details: { n: 2 } });
    writeFileSync(log(there), readFileSync(log(here)));
    await redact(here, id!, '', systemClock);
    const { lines, added } = absorbLines(log(there), readFileSync(log(here)));
    expect(added).toBe(1);
    expect(lines.includes(secret)).toBe(false);
    await settleBook(there, quiet);
    expect(readFileSync(log(there), 'utf8')).not.toContain(secret);
    expect((await readAll(there)).records).toHaveLength(2);
  });

  it('goes again where git joined both copies of the log', async () => {
    const root = temporaryBook();
    const [first] = await record(root, { id: 'd', details: { a: secret, b: `${secret}-2` } });
    const old = readFileSync(log(root));
    await redact(root, first!, 'details.a', systemClock);
    await redact(root, first!, 'details.b', systemClock);
    appendFileSync(log(root), old);
    await settleBook(root, quiet);
    expect(readFileSync(log(root), 'utf8')).not.toContain(secret);
    expect((await readAll(root)).records).toHaveLength(1);
  });
});

it('takes out of a segment what it took out of the log in another clone', async () => {
  const root = temporaryBook();
  const [id] = await record(root, { details: { note: secret } }, { details: { n: 2 } });
  const before = readFileSync(log(root), 'utf8');
  await redact(root, id!, 'details.note', systemClock);
  const after = readFileSync(log(root), 'utf8');
  // As the clone that did not know of it archived the month.
  writeFileSync(log(root), before);
  await archiveLog(root, { by: 'month', beforeUs: Number.MAX_SAFE_INTEGER }, false);
  writeFileSync(log(root), after);
  expect(holding(join(root, 'snapshots'), secret)).toHaveLength(2);
  await settleBook(root, quiet);
  expect(holding(join(root, 'snapshots'), secret).filter((file) => !/action_.*\.json$/.test(file))).toEqual(
    [],
  );
  const { records, findings } = await readAll(root);
  expect(records.map(({ details }) => details)).toContainEqual({ note: '‹masked: by hand›' });
  expect(new Set(records.map(({ snapshotId }) => snapshotId)).size).toBe(2);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

it('takes something out of a segment that was archived', async () => {
  const root = temporaryBook();
  const [id] = await record(root, { details: { note: secret } }, { details: { n: 2 } });
  await archiveLog(root, { by: 'month', beforeUs: Number.MAX_SAFE_INTEGER }, false);
  const { files } = await redact(root, id!, 'details.note', systemClock);
  expect(files[0]).toMatch(/^snapshots\/action_log-.*\.jsonl\.zst$/);
  expect(holding(root, secret)).toEqual([]);
  const { records } = await readAll(root);
  expect(records.map(({ details }) => details)).toContainEqual({ note: '‹masked: by hand›' });
  expect(records).toHaveLength(2);
});
