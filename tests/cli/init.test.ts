import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../collector/store/config-file.ts';
import { emptyFolder, run } from './run.ts';

const read = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

describe('daybook init', () => {
  it('sets up an empty folder without git, and says what it did', async () => {
    const root = emptyFolder();
    const ran = await run(root, ['init']);
    expect(ran).toMatchSnapshot();
    expect(existsSync(join(root, 'snapshots'))).toBe(true);
    expect(read(root, '.gitattributes')).toContain('*.jsonl merge=union');
    expect(existsSync(join(root, '.github'))).toBe(false);
    expect(read(root, 'daybook.yaml')).toContain("# schedule:\n#   cron: '17 * * * *'\n");
    expect(await readConfigFile(root)).toMatchObject({ findings: [], config: { schedule: undefined } });
  });

  it('keeps packages of npm out of git, and so out of receipts, where there are any', async () => {
    for (const [path, text] of [
      ['package.json', '{}'],
      ['node_modules', undefined],
    ] as const) {
      const root = emptyFolder();
      if (text === undefined) mkdirSync(join(root, path));
      else writeFileSync(join(root, path), text);
      writeFileSync(join(root, '.gitignore'), '__pycache__/\n');
      await run(root, ['init']);
      expect(read(root, '.gitignore').split('\n')).toContain('node_modules/');
      await run(root, ['init']);
      expect(read(root, '.gitignore').match(/node_modules/g)).toHaveLength(1);
    }
    const bare = emptyFolder();
    await run(bare, ['init']);
    expect(read(bare, '.gitignore')).not.toContain('node_modules');
  });

  it('changes nothing the second time', async () => {
    const root = emptyFolder();
    await run(root, ['init']);
    const { out } = await run(root, ['init', '--json']);
    expect(JSON.parse(out).files.map(({ state }: { state: string }) => state)).toEqual(Array(4).fill('kept'));
  });

  it('overwrites only with --force, and adds only what is missing', async () => {
    const root = emptyFolder();
    writeFileSync(join(root, 'daybook.yaml'), 'title: mine\n');
    writeFileSync(join(root, '.gitignore'), 'node_modules\n/dashboard');
    writeFileSync(join(root, '.gitattributes'), '* text=auto\r\n');
    const { out } = await run(root, ['init']);
    expect(out).toMatchSnapshot();
    expect(read(root, 'daybook.yaml')).toBe('title: mine\n');
    expect(read(root, '.gitignore')).toBe(
      'node_modules\n/dashboard\n.daybook/\n/dashboard.html\n/dashboard.zip\nmetadata.lock\n',
    );
    expect(read(root, '.gitattributes')).toBe(
      '* text=auto\r\n*.jsonl merge=union\r\n*.journal.jsonl -merge\r\nregistry.journal.jsonl merge=union\r\n*.jsonl.zst binary\r\n',
    );
    await run(root, ['init', '--force']);
    expect(read(root, 'daybook.yaml')).toContain('# Settings of this book');
    expect(read(root, '.gitignore')).toBe(
      'node_modules\n/dashboard\n.daybook/\n/dashboard.html\n/dashboard.zip\nmetadata.lock\n',
    );
  });

  it('writes the workflow and its schedule where it is asked to, or where something speaks of GitHub', async () => {
    const asked = emptyFolder();
    expect((await run(asked, ['init', '--github'])).out).toContain('.github/workflows/daybook.yml');
    expect(read(asked, 'daybook.yaml')).toContain("\nschedule:\n  cron: '17 * * * *'\n");
    expect(read(asked, 'daybook.yaml')).toContain('\nsync:\n  branch: daybook\n');
    expect(read(asked, '.gitignore')).toContain('\n/snapshots/\n');
    const begun = emptyFolder();
    mkdirSync(join(begun, '.github'));
    expect((await run(begun, ['init', '--local'])).out).not.toContain('workflows');
    expect(read(begun, 'daybook.yaml')).toContain('\n# sync:\n#   branch: daybook\n');
    expect(read(begun, '.gitignore')).not.toContain('/snapshots/');
    expect((await run(begun, ['init'])).out).toMatch(
      /kept +daybook.yaml +stays as it is; take the # from its schedule[^\n]*\nwritten +\.github\/workflows/,
    );
    expect(await run(begun, ['init', '--local', '--github'])).toMatchObject({ exitCode: 2 });
  });

  it('--update renews what GitHub runs, for the settings as they are, and leaves these alone', async () => {
    const root = emptyFolder();
    await run(root, ['init', '--github']);
    const settings =
      "schedule: { cron: '9 * * * *' }\nalerts: [{ when: silent > 2h, notify: [{ slack: $SLACK_URL }] }]\n";
    writeFileSync(join(root, 'daybook.yaml'), settings);
    writeFileSync(join(root, '.github/actions/daybook/action.yml'), 'name: an older one\n');
    expect((await run(root, ['init', '--github'])).out).toMatch(
      /kept +\.github\/actions\S+ +is there.*--update/,
    );
    expect(read(root, '.github/actions/daybook/action.yml')).toBe('name: an older one\n');
    expect((await run(root, ['init', '--github', '--update'])).exitCode).toBe(0);
    expect(read(root, 'daybook.yaml')).toBe(settings);
    expect(read(root, '.github/actions/daybook/action.yml')).toContain('name: Daybook\n');
    expect(read(root, '.github/workflows/daybook-schedule.yml')).toContain("- cron: '9 * * * *'\n");
    expect(read(root, '.github/workflows/daybook.yml')).toContain('SLACK_URL: ${{ secrets.SLACK_URL }}\n');
  });

  it.each([
    ['y', true],
    ['No', false],
    ['', false],
  ])('asks who sits at a terminal, and takes "%s" for what it is', async (input, isWritten) => {
    const root = emptyFolder();
    const { problem } = await run(root, ['init'], { input: `${input}\n`, isTyped: true });
    expect(problem).toContain('Also record on GitHub');
    expect(existsSync(join(root, '.github/workflows/daybook.yml'))).toBe(isWritten);
  });

  it('says so where snapshots is a file', async () => {
    const root = emptyFolder();
    writeFileSync(join(root, 'snapshots'), '');
    const { exitCode, problem } = await run(root, ['init']);
    expect({ exitCode, problem }).toMatchSnapshot();
  });
});
