import { lastPartOf } from '../../../../runs/key.ts';
import { resultSource } from './source.ts';

/** What `go test -bench` printed, where it was kept in a file that is called so: bench.txt, go-bench-main.txt, x.bench. */
export const goBenchSource = resultSource({
  name: 'go-bench',
  what: 'benchmarks as Go prints them',
  claims: (path) =>
    /^(?:[^/]*[-_.])?(?:go)?bench(?:mark)?s?(?:[-_.][^/]*)?\.(?:txt|out)$|^[^/]+\.bench$/i.test(
      lastPartOf(path),
    ),
  isPerhaps: () => true,
  begins: /^(?:goos|goarch|pkg|cpu|commit): |^Benchmark\S*[ \t]+\d+[ \t]/m,
  load: async () => {
    const { readGoBench } = await import('../../../../formats/results/go-bench.ts');
    return ([file], path, report) => readGoBench(file!.text, path, report);
  },
});
