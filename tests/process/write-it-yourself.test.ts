import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../scripts/repository-root.ts';
import { run } from '../cli/run.ts';
import { temporaryBook } from '../helpers.ts';

const page = readFileSync(join(repositoryRoot, 'docs', 'write-it-yourself.md'), 'utf8');

interface Language {
  name: string;
  fence: string;
  file: string;
  /** Whether it is here. */
  probe: readonly [string, ...string[]];
  command: readonly [string, ...string[]];
}

const languages: Language[] = [
  { name: 'shell', fence: 'sh', file: 'example.sh', probe: ['sh', '-c', 'true'], command: ['sh', '-e'] },
  {
    name: 'python',
    fence: 'python',
    file: 'example.py',
    probe: ['python3', '--version'],
    command: ['python3'],
  },
  { name: 'r', fence: 'r', file: 'example.R', probe: ['Rscript', '--version'], command: ['Rscript'] },
  { name: 'go', fence: 'go', file: 'main.go', probe: ['go', 'version'], command: ['go', 'run'] },
];

const isHere = ([name, ...args]: Language['probe']) =>
  spawnSync(name, args, { stdio: 'ignore' }).status === 0;

describe('docs/write-it-yourself.md', () => {
  for (const { name, fence, file, probe, command } of languages) {
    it.skipIf(!isHere(probe))(
      `its example in ${name} records what is read (skipped without ${probe[0]})`,
      async () => {
        const root = temporaryBook();
        const code = new RegExp(`^\`\`\`${fence}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)![1]!;
        writeFileSync(join(root, file), code);
        const env = {
          ...process.env,
          GOCACHE: join(root, '.cache'),
          GOFLAGS: '-mod=mod',
          GOTOOLCHAIN: 'local',
        };
        const [program, ...args] = command;
        const done = spawnSync(program, [...args, file], { cwd: root, env, encoding: 'utf8' });
        expect(done.stderr).toBe('');
        expect(done.status).toBe(0);
        const json = async (...argv: string[]) => JSON.parse((await run(root, [...argv, '--json'])).out);
        expect(await json('runs')).toMatchObject([
          { key: `runs/${name}`, status: 'completed', params: { lr: 0.1 }, metrics: { loss: 0.3 } },
        ]);
        expect(await json('actions')).toMatchObject([
          { action: { type: 'deploy', status: 'completed', details: { from: name } } },
        ]);
        expect(await json('doctor')).toMatchObject({ findings: [] });
      },
    );
  }
});
