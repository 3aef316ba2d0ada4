import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { readAll, temporaryBook } from '../helpers.ts';

const writer = join(import.meta.dirname, 'writer.ts');

describe('a disk that fills up in the middle of a line', () => {
  it('is one clear error, loses no acknowledged line, and the log goes on when there is room again', async () => {
    const root = temporaryBook();
    // The file may grow to 16 KiB, which ends inside a line: the system takes a part of it and refuses the rest.
    const command = `ulimit -f 16 && exec "$0" "$1" "$2" full 1000 2000`;
    const { stdout, stderr, status } = spawnSync('bash', ['-c', command, process.execPath, writer, root], {
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('the file may not grow any further (EFBIG)');
    const acknowledged = stdout.trim().split('\n').slice(1);
    expect(acknowledged.length).toBeGreaterThan(3);

    const after = openActionWriter(root);
    const { snapshot_id } = after.append({ type: 'room again' });
    await after.close();
    const { records, totals } = await readAll(root);
    expect(records.map((record) => record.snapshotId)).toEqual([...acknowledged, snapshot_id]);
    expect(totals.broken).toBeLessThanOrEqual(1);
  });
});
