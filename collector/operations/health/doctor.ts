import type { Clock } from '../../base/clock.ts';
import { showText } from '../../base/show.ts';
import type { BookConfig } from '../../formats/config/config.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { auditBook } from '../../store/audit.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { isLargeLog, withLogIndex } from '../../store/log-index/open.ts';
import type { LogTotals } from '../../store/log-reader.ts';
import type { Repair } from '../../store/quarantine.ts';
import { countWaiting, takeInSpool } from '../../store/spool/take-in.ts';
import { examineGit, repairGit } from '../sync/examine-git.ts';
import { ActionTimes, recordingFindings, recordingHealth } from './recording.ts';
import { repairBook } from './repair.ts';

/** What doctor found, and what it mended before looking. */
export interface Examination {
  findings: Finding[];
  totals: LogTotals;
  repairs: Repair[];
}

/** How a book is examined. */
export interface ExaminationOptions {
  /** First mends what can be mended without losing a byte. */
  repair: boolean;
  /** Takes what was kept of the log and of files that are as they were, and leaves out what lies outside of the log. */
  quick?: boolean | undefined;
  /** The name of this build of Daybook, where what it kept of the book may be used. */
  build?: string | undefined;
  clock: Clock;
}

/** Checks the whole book, or with `quick` what has changed since it was read. */
export async function examineBook(root: string, options: ExaminationOptions): Promise<Examination> {
  const repairs = options.repair
    ? [...(await repairBook(root, options.clock)), ...(await takeInWaiting(root)), ...(await repairGit(root))]
    : [];
  const { times, findings, totals, newestRunUs } = await audited(root, options);
  const { config } = await readConfigFile(root);
  const health = await recordingHealth(root, config, times, options.clock.nowUs(), newestRunUs);
  const silence = recordingFindings(health);
  return {
    findings: [
      ...waitingFindings(root),
      ...findings,
      ...(await alertFindings(config)),
      ...(await examineGit(root)),
      ...silence,
    ],
    totals,
    repairs,
  };
}

/**
 * What is noticed in all of the book. Of a log whose every byte has the checksum that it had when its lines were read, what was
 * noticed then is told; the files beside it are read, but with `quick`.
 */
async function audited(root: string, { quick = false, build }: ExaminationOptions) {
  if (!quick && (build === undefined || !isLargeLog(root))) return auditedWhole(root);
  const indexed = await withLogIndex(root, { build, verify: !quick }, async (index) => {
    // Which line names what lies outside of the log is told by the lines.
    if (!quick && index.state.blobs.length > 0) return undefined;
    const readLog = (_: unknown, report: (finding: Finding) => void) => {
      for (const finding of index.findings) report(finding);
      return Promise.resolve(index.state.totals);
    };
    const kept = quick ? { versions: false, build } : {};
    const audit = await auditBook(root, undefined, { ...kept, readLog });
    return { times: index.state, ...audit };
  });
  return indexed ?? auditedWhole(root);
}

async function auditedWhole(root: string) {
  const times = new ActionTimes();
  return { times, ...(await auditBook(root, ({ atUs }) => times.add(atUs))) };
}

/** Rules whose condition cannot be understood: they would tell nobody of anything. */
async function alertFindings({ alerts }: Pick<BookConfig, 'alerts'>): Promise<Finding[]> {
  if (alerts.rules.length === 0) return [];
  const { parseAlertCondition } = await import('../../runs/alerts/rule.ts');
  return alerts.rules.flatMap(({ when }): Finding[] => {
    const { problem } = parseAlertCondition(when);
    if (problem === undefined) return [];
    const hint = `${problem} docs/alerts.md has examples; daybook alert sends nothing until then.`;
    const place = { file: 'daybook.yaml', path: 'alerts' };
    return [
      {
        code: 'bad-config',
        severity: 'warning',
        ...place,
        expected: 'a condition',
        found: showText(when),
        hint,
      },
    ];
  });
}

/** What cannot be taken in goes on waiting, and the findings say so. */
async function takeInWaiting(root: string): Promise<Repair[]> {
  const taken = await takeInSpool(root).catch(() => 0);
  if (taken === 0) return [];
  const did = `took in ${taken === 1 ? 'a record' : `${taken} records`} from the spool`;
  return [{ file: 'snapshots/action_log.jsonl', did, original: null }];
}

/** Records that wait in the spool of this user on this machine: a matter of here and now, not of the book's files. */
function waitingFindings(root: string): Finding[] {
  const { records, damaged, folders } = countWaiting(root);
  if (records + damaged === 0) return [];
  const wait = records === 1 ? '1 record that waits' : `${records} records that wait`;
  const unread = damaged === 0 ? '' : `, and ${damaged} of its files cannot be read`;
  return [
    {
      code: 'waiting-records',
      severity: 'warning',
      file: 'snapshots/action_log.jsonl',
      expected: 'every record in the book',
      found: `${wait} in the spool at ${folders.join(' and ')}${unread}`,
      hint: 'The next recording takes them in once the book can be written, and so do `daybook sync` and `daybook doctor --repair`.',
    },
  ];
}
