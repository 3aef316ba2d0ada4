import { lastPartOf } from '../../../../runs/key.ts';
import { resultSource } from './source.ts';

const names =
  /^(?:lcov\.info|lcov[-_.][^/]*\.info|coverage\.info|[^/]*\.lcov|coverage\.xml|[^/]*cobertura[^/]*\.xml)$/i;
const perhaps = /^[^/]*coverage[^/]*\.xml$/i;

/** Coverage as lcov and Cobertura have it: how much of the whole was reached, and of each of the largest files. */
export const coverageSource = resultSource({
  name: 'coverage',
  what: 'coverage (lcov or Cobertura XML)',
  claims(path) {
    if (!/\.(?:info|lcov|xml)$/.test(path)) return false;
    const name = lastPartOf(path);
    return names.test(name) || perhaps.test(name);
  },
  isPerhaps: (path) => !names.test(lastPartOf(path)),
  begins: /<coverage[\s>]/,
  load: async () => {
    const [{ readLcov }, { readCobertura }] = await Promise.all([
      import('../../../../formats/results/lcov.ts'),
      import('../../../../formats/results/cobertura.ts'),
    ]);
    return ([file], path, report) => {
      const isXml = file!.text.trimStart().startsWith('<') || path.endsWith('.xml');
      const run = isXml ? readCobertura(file!, report) : readLcov(file!.text, path, report);
      return run === undefined ? [] : [run];
    };
  },
});
