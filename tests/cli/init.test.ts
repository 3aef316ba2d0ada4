import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run } from './run.ts';

const read = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

describe('daybook init', () => {
  it('sets up an empty folder without git, and says what it did', async () => {
    const root = emptyFolder();
    const ran = await run(root, ['init']);
    expect(ran).toMatchSnapshot();
    expect(existsSync(join(root, 'snapshots'))).toBe(true);
    expect(read(root, '.gitattributes')).toContain('*.jsonl merge=union');
    expect(read(root, '.github/workflows/daybook.yml')).toContain('name: Daybook');
  });

  it('changes nothing the second time', async () => {
    const root = emptyFolder();
    await run(root, ['init']);
    const { out } = await run(root, ['init', '--json']);
    expect(JSON.parse(out).files.map(({ state }: { state: string }) => state)).toEqual(Array(5).fill('kept'));
  });

  it('overwrites only with --force, and adds only what is missing', async () => {
    const root = emptyFolder();
    writeFileSync(join(root, 'daybook.yaml'), 'title: mine\n');
    writeFileSync(join(root, '.gitignore'), 'node_modules\n/dashboard');
    writeFileSync(join(root, '.gitattributes'), '* text=auto\r\n');
    const { out } = await run(root, ['init']);
    expect(out).toMatchSnapshot();
    expect(read(root, 'daybook.yaml')).toBe('title: mine\n');
    expect(read(root, '.gitignore')).toBe('node_modules\n/dashboard\n.daybook/\nmetadata.lock\n');
    expect(read(root, '.gitattributes')).toBe(
      '* text=auto\r\n*.jsonl merge=union\r\n*.journal.jsonl -merge\r\nregistry.journal.jsonl merge=union\r\n',
    );
    await run(root, ['init', '--force']);
    expect(read(root, 'daybook.yaml')).toContain('# Settings of this book');
    expect(read(root, '.gitignore')).toBe('node_modules\n/dashboard\n.daybook/\nmetadata.lock\n');
  });

  it('says so where snapshots is a file', async () => {
    const root = emptyFolder();
    writeFileSync(join(root, 'snapshots'), '');
    const { exitCode, problem } = await run(root, ['init']);
    expect({ exitCode, problem }).toMatchSnapshot();
  });
});
