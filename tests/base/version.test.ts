import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { daybookVersion } from '../../collector/base/version.ts';

it('the version written into records is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(daybookVersion).toBe(manifest.version);
});
