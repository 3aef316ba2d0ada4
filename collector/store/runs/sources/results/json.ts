import type { MeasuredRun } from '../../../../formats/results/measured.ts';
import type { Report } from '../../../../formats/results/read-json.ts';
import { lastPartOf } from '../../../../runs/key.ts';
import { type ResultFile, resultSource } from './source.ts';

/** Whether only a name is asked about, of which the folder would tell more. */
function isMaybe(path: string, beside: ReadonlySet<string> | undefined): boolean {
  return beside === undefined && !path.includes('/');
}

type Reader = (text: string, file: string, report: Report) => MeasuredRun | undefined;

/** What reads one file of JSON as one run. */
const oneRun =
  (read: Reader) =>
  ([file]: readonly ResultFile[], path: string, report: Report): MeasuredRun[] => {
    const run = read(file!.text, path, report);
    return run === undefined ? [] : [run];
  };

const saved = /^\d{4}_[^/]*\.json$/;
const named = /pytest[-_]?benchmark[^/]*\.json$/;
const perhapsNamed = /^(?:[^/]*[-_.])?bench(?:mark)?s?(?:[-_.][^/]*)?\.json$/i;

/** What pytest-benchmark saves: .benchmarks/<machine>/0001_….json, and what --benchmark-json was told. */
export const pytestBenchmarkSource = resultSource({
  name: 'pytest-benchmark',
  what: 'results of pytest-benchmark (JSON)',
  claims(path, beside) {
    if (!path.endsWith('.json')) return false;
    const name = lastPartOf(path);
    if (saved.test(name)) return isMaybe(path, beside) || /(?:^|\/)\.benchmarks\//.test(path);
    return named.test(name) || (perhapsNamed.test(name) && !name.includes('hyperfine'));
  },
  isPerhaps: (path) => !named.test(lastPartOf(path)),
  begins: /"machine_info"\s*:/,
  load: async () =>
    oneRun((await import('../../../../formats/results/pytest-benchmark.ts')).readPytestBenchmark),
});

/** What `hyperfine --export-json` writes, where its name says so. */
export const hyperfineSource = resultSource({
  name: 'hyperfine',
  what: 'results of hyperfine (JSON)',
  claims: (path) => path.endsWith('.json') && lastPartOf(path).toLowerCase().includes('hyperfine'),
  load: async () => oneRun((await import('../../../../formats/results/hyperfine.ts')).readHyperfine),
});

/** The summary of k6: *k6*.json, and summary.json in a folder that is called so. */
export const k6Source = resultSource({
  name: 'k6',
  what: 'a summary of k6 (JSON)',
  claims(path, beside) {
    if (!path.endsWith('.json')) return false;
    const name = lastPartOf(path);
    if (/^(?:[^/]*[._-])?k6(?:[._-][^/]*)?\.json$/i.test(name)) return true;
    const isSummary = name.toLowerCase().includes('summary');
    return isSummary && (isMaybe(path, beside) || /(?:^|\/)k6[^/]*\/[^/]*$/i.test(path));
  },
  isPerhaps: () => true,
  begins: /"(?:metrics|root_group|state)"\s*:/,
  load: async () => oneRun((await import('../../../../formats/results/k6.ts')).readK6),
});

/** A report of Lighthouse: lhr-….json, *lighthouse*.json and *.report.json that begin as one. */
export const lighthouseSource = resultSource({
  name: 'lighthouse',
  what: 'a report of Lighthouse (JSON)',
  claims: (path) =>
    path.endsWith('.json') &&
    /(?:^|\/)(?:lhr[-_.][^/]*|[^/]*lighthouse[^/]*|[^/]*\.report)\.json$/i.test(path),
  isPerhaps: () => true,
  begins: /"lighthouseVersion"\s*:/,
  load: async () => oneRun((await import('../../../../formats/results/lighthouse.ts')).readLighthouse),
});
