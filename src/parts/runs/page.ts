import type { RunPageFacts } from '../../data/runs/page.ts';
import { type Part, part } from '../part.ts';
import { runArtifacts } from './artifacts.ts';
import { runCourse, runHead } from './head.ts';
import { runActionsPart, runFiles, runLineage } from './links.ts';
import { runMetrics, runParameters } from './numbers.ts';
import { runReceipt } from './receipt.ts';

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
