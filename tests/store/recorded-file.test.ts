import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { auditBook } from '../../collector/store/audit.ts';
import { readConfigFile } from '../../collector/store/config-file.ts';
import { newestActions } from '../../collector/store/newest-actions.ts';
import { listPeriodic, readPeriodic } from '../../collector/store/periodic-store.ts';
import { foreignLine, readAll, temporaryBook, temporaryFolder } from '../helpers.ts';

const log = 'snapshots/action_log.jsonl';
const snapshot = 'snapshots/periodic_20260101_000000.json';
const snapshotText = '{"snapshot_type":"periodic","timestamp":"2026-01-01T00:00:00Z"}';
const book = (files: Record<string, string> = {}) => temporaryBook({ [log]: `${foreignLine()}\n`, ...files });

/** What may stand where a file is expected, and what a finding calls it. */
const obstacles: [string, (path: string) => void, string][] = [
  ['a folder', (path) => mkdirSync(path), 'a folder'],
  ['a pipe', (path) => execFileSync('mkfifo', [path]), 'a named pipe'],
  ['a device', (path) => symlinkSync('/dev/zero', path), 'a link that leads out of the book'],
  ['a dangling link', (path) => symlinkSync('nowhere', path), 'a link that leads nowhere'],
  [
    'a link to itself',
    (path) => symlinkSync(path.slice(path.lastIndexOf('/') + 1), path),
    'a link that leads nowhere',
  ],
];

describe.each(obstacles)('%s in the place of a recorded file', (_, place, found) => {
  it('is one finding of a log; the rest is read, from both ends', async () => {
    const root = book();
    place(join(root, 'snapshots/action_log-other.jsonl'));
    const { records, findings } = await readAll(root);
    expect(records).toHaveLength(1);
    expect(findings).toMatchObject([{ code: 'unreadable', file: 'snapshots/action_log-other.jsonl', found }]);
    const newest = await newestActions(root, 5);
    expect(newest.records).toHaveLength(1);
    expect(newest.findings).toMatchObject([{ code: 'unreadable', found }]);
  });

  it('is one finding of an action file', async () => {
    const root = book();
    place(join(root, 'snapshots/action_20990101_000000_000000.json'));
    const { records, findings } = await readAll(root);
    expect(records).toHaveLength(1);
    expect(findings).toMatchObject([{ code: 'unreadable', found }]);
    expect((await newestActions(root, 5)).findings).toMatchObject([{ code: 'unreadable', found }]);
  });

  it('is one finding of a snapshot, of its copy and of the settings', async () => {
    const root = book({ [snapshot]: snapshotText });
    place(join(root, 'snapshots/periodic_20260102_000000.json'));
    place(join(root, 'snapshots/latest_periodic.json'));
    place(join(root, 'daybook.yaml'));
    expect(listPeriodic(root)).toHaveLength(2);
    const { findings, snapshots } = await auditBook(root);
    expect(snapshots).toBe(1);
    expect(findings.filter((one) => one.file.startsWith('snapshots'))).toMatchObject([
      { code: 'unreadable', file: 'snapshots/periodic_20260102_000000.json', found },
      { code: 'latest-differs', found },
    ]);
    expect((await readConfigFile(root)).config.durability).toBe('os');
  });

  it('is never written to', () => {
    const root = temporaryBook({});
    mkdirSync(join(root, 'snapshots'), { recursive: true });
    place(join(root, log));
    expect(() => openActionWriter(root)).toThrowError(
      expect.objectContaining({ code: 'unwritable', message: expect.stringContaining(found) }),
    );
  });
});

describe('links', () => {
  it('lead anywhere within the book and nowhere else, for readers and writers', async () => {
    const outside = join(temporaryFolder(), 'outside.jsonl');
    writeFileSync(outside, `${foreignLine({ type: 'outside' })}\n`);
    const root = book({ 'kept/old.jsonl': `${foreignLine({ type: 'inside' })}\n` });
    symlinkSync('../kept/old.jsonl', join(root, 'snapshots/action_log-a.jsonl'));
    symlinkSync(outside, join(root, 'snapshots/action_log-b.jsonl'));
    const { records, findings } = await readAll(root);
    expect(records.map((one) => one.type)).toContain('inside');
    expect(records.map((one) => one.type)).not.toContain('outside');
    expect(findings.map((one) => one.found)).toEqual(['a link that leads out of the book']);
    const other = temporaryBook({});
    mkdirSync(join(other, 'snapshots'), { recursive: true });
    symlinkSync(outside, join(other, log));
    expect(() => openActionWriter(other)).toThrowError(expect.objectContaining({ code: 'unwritable' }));
    expect(readFileSync(outside, 'utf8').split('\n')).toHaveLength(2);
  });

  it('may stand for the whole folder: recordings can lie on another disk', async () => {
    const root = book();
    const disk = join(temporaryFolder(), 'disk');
    renameSync(join(root, 'snapshots'), disk);
    symlinkSync(disk, join(root, 'snapshots'));
    const writer = openActionWriter(root);
    writer.append({ type: 'linked' });
    await writer.close();
    const { records, findings } = await readAll(root);
    expect(records).toHaveLength(2);
    expect(findings).toEqual([]);
  });
});

describe('snapshots that are nested too deep', () => {
  it('are a finding and no crash', () => {
    const deep = `{"snapshot_type":"periodic","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const { record, finding } = readPeriodic(book({ [snapshot]: deep }), 'periodic_20260101_000000');
    expect(record).toBeUndefined();
    expect(finding).toMatchObject({ code: 'too-deep', file: snapshot });
  });
});

describe('a line of hundreds of megabytes', () => {
  it('is one finding from both ends, and is never held in memory', async () => {
    const root = book();
    const path = join(root, log);
    truncateSync(path, 300 * 1024 * 1024);
    appendFileSync(path, `\n${foreignLine({ type: 'last' })}\n`);
    const before = process.memoryUsage().arrayBuffers;
    const { records, findings } = await newestActions(root, 5);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(250 * 1024 * 1024);
    expect(records.map((one) => one.type)).toEqual(['last', 'build']);
    expect(findings).toMatchObject([{ code: 'too-long', file: log }]);
  });
});

describe('a file where snapshots/ should be', () => {
  it('is an error in one sentence', async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'snapshots'), 'not a folder');
    await expect(readAll(root)).rejects.toMatchObject({
      code: 'unreadable',
      message: `Expected a folder at ${join(root, 'snapshots')}, found a file.`,
    });
  });

  it('where blobs should be is a finding', async () => {
    const { findings } = await auditBook(book({ 'snapshots/blobs': '' }));
    expect(findings).toMatchObject([{ code: 'unreadable', file: 'snapshots/blobs' }]);
  });
});
