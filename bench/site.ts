import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { benchActionsPage } from './browser/actions.ts';
import { median, ms, printRows, type Row } from './report.ts';
import { writeSampleLog } from './sample-log.ts';

interface Built {
  durationMs: number;
  actions: number;
  peakMiB: number;
}

const maxMiB = 700;

/** The dashboard of a million actions: building it, building it again, and using it in a browser, from disk and over http. */
export async function benchSite(root: string): Promise<boolean> {
  const small = join(root, '..', 'site-small');
  mkdirSync(join(small, 'snapshots'), { recursive: true });
  writeSampleLog(join(small, 'snapshots', 'action_log.jsonl'), 1000, 'daybook');
  const first = build(root);
  build(small);
  const again: number[] = [];
  const smallAgain: number[] = [];
  for (let round = 0; round < 3; round++) {
    again.push(build(root).durationMs);
    smallAgain.push(build(small).durationMs);
  }
  const rows: Row[] = [
    figure(`build, ${first.actions.toLocaleString('en-US')} lines, nothing cached`, ms(first.durationMs)),
    limited(
      'peak memory of that build',
      `${first.peakMiB.toFixed(0)} MiB`,
      `${maxMiB} MiB`,
      first.peakMiB / maxMiB,
      1,
    ),
    limited(
      'build again, unchanged, against 1,000 lines',
      ms(median(again)),
      ms(median(smallAgain)),
      median(again) / median(smallAgain),
      1.3,
    ),
    ...benchRealLog(join(root, '..', 'site-real')),
    ...(await benchActionsPage(join(root, 'dashboard'))),
  ];
  rmSync(small, { recursive: true, force: true });
  return printRows('site', rows);
}

/** A real log of 7,771 lines, where the real recordings lie beside this repository; whole process, start-up included. */
function benchRealLog(copy: string): Row[] {
  const real = join(import.meta.dirname, '..', '..', 'shared', 'data', 'generated', 'barrot', 'open-scale');
  if (!existsSync(real)) return [];
  const times: number[] = [];
  let actions = 0;
  for (let round = 0; round < 5; round++) {
    cpSync(join(real, 'snapshots'), join(copy, 'snapshots'), { recursive: true });
    const start = performance.now();
    actions = build(copy).actions;
    times.push(performance.now() - start);
    rmSync(copy, { recursive: true, force: true });
  }
  return [
    figure(`build, real log of ${actions.toLocaleString('en-US')} actions, whole process`, ms(median(times))),
  ];
}

function build(root: string): Built {
  const script = join(import.meta.dirname, 'build-once.ts');
  return JSON.parse(execFileSync(process.execPath, [script, root], { encoding: 'utf8' })) as Built;
}

function figure(what: string, ours: string): Row {
  return { what, ours, peer: '', ratio: Number.NaN };
}

function limited(what: string, ours: string, peer: string, ratio: number, limit: number): Row {
  return { what, ours, peer, ratio, limit };
}
