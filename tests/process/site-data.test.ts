import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../collector/base/json/json.ts';
import { repositoryRoot } from '../../scripts/repository-root.ts';
import { publishSnapshots } from '../../src/data/snapshots/publish.ts';
import { temporaryFolder } from '../helpers.ts';
import { python, runPython } from './python.ts';

const page = readFileSync(join(repositoryRoot, 'docs', 'site-data.md'), 'utf8');

/** States that grow, shrink, lose fields and get others, and have lists of which the middle changes. */
function stateOf(number: number): JsonObject {
  return {
    timestamp: number,
    still: { a: 1, b: [1, 2, 3], c: 'text', d: null, e: [], f: {} },
    grows: Array.from({ length: number % 23 }, (_, at) => at),
    slides: Array.from({ length: 8 }, (_, at) => `entry ${number + at}`),
    modules: Array.from({ length: 5 }, (_, at) => ({ name: `m${at}`, of: { latency: (number * at) % 7 } })),
    ...(number % 3 === 0 ? { sometimes: { number } } : {}),
    nested: { deep: { list: [[number % 4], ['x']], ...(number % 5 === 0 ? {} : { gone: true }) } },
    last: number % 2,
  };
}

describe('docs/site-data.md', () => {
  it.skipIf(python === undefined)('lays any snapshot together in its example in Python', () => {
    const count = 150;
    const folder = temporaryFolder();
    const publisher = publishSnapshots(join(folder, 'dashboard', 'data'), 1);
    for (let number = 0; number < count; number++)
      publisher.take({
        id: `periodic_${number}`,
        atUs: number,
        zoneless: false,
        health: 'operational',
        healthReasons: [],
        file: '',
        bytes: 0,
        content: stateOf(number),
      });
    publisher.finish();
    const [, code] = /```python\n(.*?)```/s.exec(page)!;
    const print = `print(json.dumps([snapshot(number) for number in range(${count})]))`;
    writeFileSync(join(folder, 'example.py'), `${code}\n${print}\n`);
    const states = JSON.parse(runPython(['example.py'], { cwd: folder })) as JsonObject[];
    for (const [number, state] of states.entries()) expect(state).toEqual(stateOf(number));
    expect(states).toHaveLength(count);
  });
});
