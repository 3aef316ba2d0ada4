import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openBook } from '../collector/index.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/library.md'), 'utf8');
const [head, ...examples] = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);

/** The examples of the page stand in its order: later ones may use what earlier ones recorded. */
const root = mkdtempSync(join(tmpdir(), 'daybook-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'snapshots'));
execFileSync('git', ['init', '-q'], { cwd: root });
mkdirSync(join(root, 'results'), { recursive: true });

describe('the page of the library', () => {
  it.each(
    examples.map((code) => [
      code.split('\n').find((line) => line.includes('book.') || line.includes('store.')),
      code,
    ]),
  )('has an example that runs: %s', (_, code) => {
    const script = join(root, 'example.ts');
    writeFileSync(script, programOf(code));
    const { stdout, stderr, status } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' });
    expect({ stderr, status, stdout: status === 0 ? '' : stdout }).toEqual({
      stderr: '',
      status: 0,
      stdout: '',
    });
  });

  it('shows every call there is', async () => {
    const book = await openBook(root);
    const experiment = await book.experiments.open('results/unet');
    const calls = [
      ...Object.entries(book).flatMap(([name, room]) =>
        typeof room === 'function'
          ? [`book.${name}(`]
          : Object.keys(room).map((call) => `book.${name}.${call}(`),
      ),
      ...Object.keys(experiment)
        .filter((name) => typeof experiment[name as keyof typeof experiment] === 'function')
        .map((call) => `.${call}(`),
    ].filter((call) => !/^book\.(?:root|close)/.test(call));
    await book.close();
    expect(calls.length).toBeGreaterThan(50);
    const shown = examples
      .join('\n')
      .replaceAll('ledger.run(', 'book.ledger.run(')
      .replaceAll('ledger.close(', 'book.ledger.close(');
    expect(calls.filter((call) => !shown.includes(call))).toEqual([]);
  });
});

/** An example as a program: imports first, then the lines that the page begins with. */
function programOf(code: string): string {
  const isImport = (line: string) => line.startsWith('import ');
  const lines = `${head}${code}`.split('\n');
  const library = pathToFileURL(join(import.meta.dirname, '../collector/index.ts')).href;
  return [...lines.filter(isImport), ...lines.filter((line) => !isImport(line))]
    .join('\n')
    .replaceAll("'daybook'", `'${library}'`);
}
