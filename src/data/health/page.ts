import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { BookFile } from '../book/counts.ts';
import type { SiteBook } from '../book/types.ts';
import { groupFindings, placesShown } from '../browser.ts';

/** What a check noticed, as the data has it. */
export type SiteFinding = SiteBook['findings'][number];

/** Findings that one remedy mends. */
export interface FindingGroup {
  code: string;
  title: string;
  severity: SiteFinding['severity'];
  /** What to do about all of them. */
  hint: string;
  /** What was expected, where that is the same for all. */
  expected: string | undefined;
  findings: SiteFinding[];
  /** Those that are folded below the first. */
  folded: SiteFinding[];
  /** How many more of the kind there are than the page lists. */
  more: number;
}

/** All that the page of findings prints. */
export interface HealthPage {
  lead: string;
  groups: FindingGroup[];
  files: BookFile[];
  moreFiles: number;
  fileCount: number;
  bytes: number;
  counts: { label: string; value: string; note: string }[];
}

const maxOfAKind = 200;
const maxFiles = 40;
const order: SiteFinding['severity'][] = ['error', 'warning', 'note'];
const runFileLabels: Readonly<Record<string, string>> = {
  ledger: 'Ledgers and their journals',
  receipt: 'Receipts (run.lock)',
  experiment: 'Experiment files',
  metrics: 'Files of metrics',
  config: 'Configurations',
};

const titles: Record<SiteFinding['code'], string> = {
  'broken-json': 'Not valid JSON',
  'broken-yaml': 'Not valid YAML',
  truncated: 'Ends too early',
  'torn-line': 'What writers left that were stopped; nothing is missing',
  binary: 'Binary data where text belongs',
  'not-utf8': 'Not UTF-8',
  'lfs-pointer': 'Git LFS pointer instead of the file',
  'joined-lines': 'Several records on one line',
  'empty-file': 'Empty file',
  'wrong-shape': 'Another shape than expected',
  'wrong-schema': 'Another kind of record than its name says',
  'too-deep': 'Nested too deeply',
  'too-long': 'Too long',
  'bad-checksum': 'Checksum does not match',
  'bad-time': 'No readable time',
  'missing-blob': 'Details are missing',
  'damaged-blob': 'Details are damaged',
  unreadable: 'Could not be read',
  'bad-config': 'Configuration',
  'latest-differs': 'Newest copy differs',
  'unlogged-action': 'Action file without a line in the log',
  'archived-differs': 'A snapshot and its archived copy differ',
  'repeated-line': 'Line repeated',
  'not-a-receipt': 'Not a receipt',
  'repeated-key': 'Key given twice',
  'unsafe-yaml': 'YAML that is not read for safety',
  'lineage-cycle': 'Stages that lead back to themselves',
  'torn-ledger': 'Ledger cut off',
  'moved-run': 'Run that had to take another number',
  silent: 'Silence, or snapshots missing',
  'git-refuses': 'Git does not open the repository',
  'stale-run': 'Run without a sign of life',
  'missing-artifact': 'Artifact is not there',
  'best-differs': 'Best value that no curve has',
  'unjoined-run': 'File that belongs to no single run',
  'damaged-version': 'Version is damaged',
  'missing-version': 'Version is missing',
  'python-only': 'Version that only Python can read',
  'damaged-registry': 'List of versions cannot be read',
  'similar-versions': 'Names of versions too much alike',
  'waiting-records': 'Records that wait outside the book',
  'left-out': 'More than can be shown',
  'not-read': 'Of another program, not read',
  unshown: 'Part of the dashboard that could not be made',
  leftover: 'Left over from an interrupted write',
  unpublished: 'Recorded, never published',
};

/** The page of findings, sizes and counts. */
export function healthPageFacts(book: SiteBook): HealthPage {
  const files = gathered(book.files).sort((a, b) => b.bytes - a.bytes);
  return {
    lead: lead(book),
    groups: groups(book.findings),
    files: files.slice(0, maxFiles),
    moreFiles: Math.max(0, files.length - maxFiles),
    fileCount: book.files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    counts: lineCounts(book),
  };
}

/** Heading of a kind of finding; the code itself where it is a new one. */
export function findingTitle(code: string): string {
  return Object.hasOwn(titles, code) ? titles[code as SiteFinding['code']] : code;
}

/** The files of the log one by one; those of which there are many, as one line a kind. */
function gathered(files: BookFile[]): BookFile[] {
  const kinds = new Map<string, BookFile & { count: number }>();
  for (const file of files) {
    const kind = file.path
      .replace(/(periodic|action)_\d{8}_\d{6}[\w.-]*\.json$/, '$1_….json')
      .replace(/[0-9a-f]{64}\.json$/, '….json')
      .replace(
        /^.*\/(?:[^/]*_)?(run\.lock|experiment_tracker\.json|(?:system\.)?metrics\.jsonl|config\.(?:yaml|yml|json)|complete_summary\.json)$/,
        '…/$1',
      );
    const known = kinds.get(kind);
    const lines = file.lines === undefined ? known?.lines : (known?.lines ?? 0) + file.lines;
    kinds.set(kind, {
      path: known === undefined ? file.path : `${kind} (${plural(known.count + 1, 'file')})`,
      bytes: file.bytes + (known?.bytes ?? 0),
      lines,
      count: (known?.count ?? 0) + 1,
    });
  }
  return [...kinds.values()].map(({ path, bytes, lines }) => ({ path, bytes, lines }));
}

function lead(book: SiteBook): string {
  const lines = plural(book.actions.lines, 'line');
  const runs = book.runs.total === 0 ? '' : ` and ${plural(book.runs.total, 'run')}`;
  const snapshots = `${plural(book.snapshots.length, 'snapshot')}${runs}`;
  if (book.findings.length === 0 && book.actions.lines + book.snapshots.length + book.runs.total === 0)
    return 'Nothing to report: nothing has been recorded yet.';
  if (book.findings.length === 0)
    return `Nothing to report: ${lines}${runs === '' ? ' and ' : ', '}${snapshots} read without a finding.`;
  const parts = order.map(
    (severity) => [severity, book.findings.filter((one) => one.severity === severity).length] as const,
  );
  const named = parts.filter(([, count]) => count > 0).map(([severity, count]) => plural(count, severity));
  return `${named.join(', ')} in ${lines}${runs === '' ? ' and ' : ', '}${snapshots}. Nothing was changed or dropped: the files are as they were found.`;
}

function groups(findings: SiteFinding[]): FindingGroup[] {
  return groupFindings(findings).map(({ code, severity, hint, expected, findings: all }) => ({
    code,
    title: findingTitle(code),
    severity,
    hint,
    expected,
    findings: all.slice(0, placesShown),
    folded: all.slice(placesShown, maxOfAKind),
    more: Math.max(0, all.length - maxOfAKind),
  }));
}

function lineCounts(book: SiteBook): HealthPage['counts'] {
  const { actions } = book;
  const rows = [
    { label: 'Lines in the log', value: actions.lines, note: '' },
    { label: 'Actions', value: actions.total, note: 'shown, one per action' },
    { label: 'Further lines of an action', value: actions.joined, note: 'start and end share an id' },
    { label: 'Repeated lines', value: actions.repeated, note: 'written again behind a torn line' },
    { label: 'Broken lines', value: actions.broken, note: 'kept in the file, listed above' },
    { label: 'Snapshots', value: book.snapshots.length, note: '' },
    { label: 'Fields followed', value: book.fields.length, note: '' },
    { label: 'Runs', value: book.runs.total, note: 'joined from their files, one per execution' },
    ...book.runs.fileCounts.map(({ kind, files }) => ({
      label: runFileLabels[kind] ?? `Files of kind ${kind}`,
      value: files,
      note: 'read for runs',
    })),
  ];
  return rows.map(({ label, value, note }) => ({
    label,
    value: formatCount(value),
    note: value === 0 ? '' : note,
  }));
}
