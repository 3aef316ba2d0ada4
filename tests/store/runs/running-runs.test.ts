import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../../collector/formats/config/config.ts';
import { readRunStates } from '../../../collector/store/runs/running-runs.ts';
import { sacredSource } from '../../../collector/store/runs/sources/sacred/index.ts';
import { temporaryBook } from '../../helpers.ts';
import { putFile } from '../../mlflow-store.ts';

const state = (status: string) => JSON.stringify({ status, start_time: '2018-08-29T11:03:18' });

/** As if it had been written long ago: what was changed just now is read again in any case. */
function putOld(root: string, path: string, text: string, seconds: number): void {
  putFile(root, path, text);
  utimesSync(join(root, path), seconds, seconds);
}

describe('how the runs of a watched book stand', () => {
  it('is what their files say now, read again only where they have changed', async () => {
    const root = temporaryBook();
    putOld(root, 'a/run.json', state('RUNNING'), 1_600_000_000);
    putOld(root, 'a/config.json', '{}', 1_600_000_000);
    // Nobody can set the time at which a file was changed last.
    vi.useFakeTimers({ now: Date.now() + 10_000, toFake: ['Date'] });
    const read = vi.spyOn(sacredSource, 'read');
    try {
      const { runs } = defaultConfig();
      const [first] = await readRunStates(root, runs);
      expect(first).toMatchObject({ key: 'a', status: 'running' });
      const [second] = await readRunStates(root, runs);
      expect(second).toMatchObject({ key: 'a', status: 'running', params: first!.params });
      expect(read).toHaveBeenCalledTimes(1);
      putOld(root, 'a/run.json', state('COMPLETED'), 1_600_000_001);
      expect(await readRunStates(root, runs)).toMatchObject([{ status: 'completed' }]);
      expect(read).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
      read.mockRestore();
    }
  });
});
