import { resultSource } from './source.ts';

/** data.js of github-action-benchmark: a run for each commit that was measured. */
export const githubActionBenchmarkSource = resultSource({
  name: 'github-action-benchmark',
  what: 'results of github-action-benchmark (data.js)',
  claims: (path) => path === 'data.js' || path.endsWith('/data.js'),
  isPerhaps: (path) => !/(?:^|\/)bench(?:marks?)?\/data\.js$/.test(path),
  begins: /^\s*(?:window\.)?BENCHMARK_DATA\s*=/,
  load: async () => {
    const { readBenchmarkData } = await import('../../../../formats/results/benchmark-data.ts');
    return ([file], path, report) => readBenchmarkData(file!.text, path, report);
  },
});
