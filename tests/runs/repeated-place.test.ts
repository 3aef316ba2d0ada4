import { expect, it } from 'vitest';
import { repeatedPlace } from '../../collector/runs/repeated-place.ts';

it.each([
  ['reports/2024-01-31/junit.xml', 'reports/*/junit.xml'],
  ['reports/2024-01-31T10:00:00Z-45d7825/junit.xml', 'reports/*/junit.xml'],
  ['reports/20240131_101112/junit.xml', 'reports/*/junit.xml'],
  ['history/7/lcov.info', 'history/*/lcov.info'],
  ['.lighthouseci/lhr-1700000000000.json', '.lighthouseci/lhr-*.json'],
  ['ci/45d78258e495044a551046f50604da3c893052ce/k6-summary.json', 'ci/*/k6-summary.json'],
  ['py3.11/junit.xml', 'py3.11/junit.xml'],
  ['ubuntu-22.04/shard-2/junit.xml', 'ubuntu-22.04/shard-2/junit.xml'],
  ['deadbeef/junit.xml', 'deadbeef/junit.xml'],
])('leaves out what counts repetitions in %s', (path, place) => {
  expect(repeatedPlace(path)).toBe(place);
});
