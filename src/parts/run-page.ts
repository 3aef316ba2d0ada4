import type { RunPageFacts } from '../data/views-run.ts';
import { type Part, part } from './part.ts';
import { runArtifacts } from './run-artifacts.ts';
import { runCourse, runHead } from './run-head.ts';
import { runActionsPart, runFiles, runLineage } from './run-links.ts';
import { runMetrics, runParameters } from './run-numbers.ts';
import { runReceipt } from './run-receipt.ts';

/** Everything about a run in the order of a reader's questions: what is it, what produced it, what came out, what is it part of. */
export function runPage(facts: RunPageFacts): Part[] {
  return [
    runHead(facts),
    part(
      'div',
      { class: 'grid' },
      runCourse(facts),
      part('div', { class: 'grid pair run-pair' }, runReceipt(facts), runParameters(facts)),
      runMetrics(facts),
      runArtifacts(facts),
      runLineage(facts),
      runActionsPart(facts),
      runFiles(facts),
    ),
  ];
}
