import type { Finding } from '../../../../formats/findings/finding.ts';
import { numbersIn } from '../../../../formats/metrics/points.ts';
import type { Evidence } from '../../../../runs/evidence.ts';
import { folderOf, joinPlace } from '../../../../runs/key.ts';
import { fact } from '../course.ts';
import { membersOf } from '../read-members.ts';
import { hydraIn, membersIn, sweepId, timeOfFolder } from './job.ts';

const hint = 'The sweep is shown with what else is known of it; restore the file from where it was recorded.';
const multirun = { what: 'what Hydra knows of a sweep', hint, byHand: true };
const results = { what: 'what a sweeper of Hydra found best', hint };

/** What multirun.yaml says of the sweep in whose folder it lies, and what its sweeper found best. */
export function sweepEvidence(root: string, path: string, report: (finding: Finding) => void): Evidence {
  const folder = folderOf(path);
  const known = hydraIn(membersOf(root, path, multirun, report));
  const best = membersOf(root, joinPlace(folder, 'optimization_results.yaml'), results, report) ?? {};
  const { atUs, zoneless } = timeOfFolder(folder);
  const swept = membersIn(known['overrides'])['task'];
  return {
    source: 'hydra',
    file: path,
    folder,
    prefix: '',
    ids: [sweepId(folder)],
    says: {
      config: membersIn(best['best_params'] ?? best['best_evaluated_params']),
      // Names differ between sweepers: best_value, best_evaluated_result.
      results: Object.fromEntries(numbersIn(best, '', new Set(), 8)),
      startedAtUs: atUs,
      zoneless,
      origin: {
        facts: [
          ...fact('Sweep', Array.isArray(swept) ? swept.join(' ') : undefined),
          ...fact('Sweeper', membersIn(known['sweeper'])['_target_']),
          ...fact('Job', membersIn(known['job'])['name']),
        ],
      },
    },
  };
}
