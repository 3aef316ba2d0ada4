import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { neededNode, olderNodeHint } from '../../collector/base/node-version.ts';

describe('an older Node', () => {
  it('is named with what is needed, and a newer one is not', () => {
    for (const version of ['18.19.1', '20.20.2', '22.9.0', '22.17.1'])
      expect(olderNodeHint(version)).toContain(`needs Node ${neededNode} or newer, and this is ${version}`);
    for (const version of ['22.18.0', '22.20.1', '24.0.0', '26.1.0'])
      expect(olderNodeHint(version)).toBeUndefined();
  });

  it('is older than what package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(engines.node).toBe(`>=${neededNode}`);
  });
});
