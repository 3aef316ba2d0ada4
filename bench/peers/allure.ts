import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, made } from '../books/kept.ts';
import { type Taken, taken } from '../processes.ts';
import { progress } from '../report.ts';

const version = '3.18.0';

/** How many results Allure makes its report of. */
export const allureResults = 5000;

/** Allure 3, which makes a report of test results: the page maker that ours is held against. */
export interface Allure {
  /** Makes the report anew; says what that took. */
  generate(): Promise<Taken>;
}

/** Allure, fetched from npm into the cache on first use; where it cannot be had, the reason. */
export function findAllure(): Allure | string {
  const folder = join(cacheFolder, `allure-${version}`);
  const program = join(folder, 'node_modules', 'allure', 'cli.js');
  if (!existsSync(program)) {
    progress(`fetching allure ${version} from npm`);
    mkdirSync(folder, { recursive: true });
    const args = [
      'install',
      '--prefix',
      folder,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `allure@${version}`,
    ];
    const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', timeout: 300_000 });
    if (status !== 0 || !existsSync(program)) {
      rmSync(folder, { recursive: true, force: true });
      return `allure ${version} could not be fetched from npm: ${(stderr ?? '').trim().split('\n').at(-1)}`;
    }
  }
  const results = made('allure-results', writeResults);
  const report = join(cacheFolder, 'allure-report');
  return {
    async generate() {
      rmSync(report, { recursive: true, force: true });
      const spent = await taken(process.execPath, [program, 'generate', results, '--output', report], {
        cwd: cacheFolder,
      });
      if (!existsSync(join(report, 'index.html')) || readdirSync(report).length < 2)
        throw new Error(`allure made no report: ${spent.stdout}`);
      return spent;
    },
  };
}

/** Results as test frameworks leave them: name, status, times, six labels and parameters, a few steps. */
function writeResults(folder: string): void {
  for (let at = 0; at < allureResults; at++) {
    const id = createHash('md5').update(String(at)).digest('hex');
    const start = Date.UTC(2026, 7, 1) + at * 1500;
    const status = ['passed', 'passed', 'passed', 'failed', 'broken', 'skipped'][at % 6]!;
    const result = {
      uuid: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20)}`,
      historyId: id,
      name: `step ${at}: größe "ok"`,
      fullName: `suite_${at % 50}.case_${at}`,
      status,
      statusDetails:
        status === 'failed' || status === 'broken' ? { message: `expected ${at}, found ${at + 1}` } : {},
      stage: 'finished',
      start,
      stop: start + (at % 900),
      labels: ['suite', 'package', 'host', 'thread', 'owner', 'severity'].map((name) => ({
        name,
        value: `${name}-${at % 17}`,
      })),
      parameters: ['module', 'score', 'branch', 'seed', 'region', 'size'].map((name) => ({
        name,
        value: `${name} ${at % 101}`,
      })),
      steps: [1, 2, 3].map((step) => ({
        name: `part ${step}`,
        status: 'passed',
        start,
        stop: start + step,
        steps: [],
      })),
    };
    writeFileSync(join(folder, `${result.uuid}-result.json`), JSON.stringify(result));
  }
}
