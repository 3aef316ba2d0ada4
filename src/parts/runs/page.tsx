import type { RunPageFacts } from '../../data/runs/page.ts';
import { type Part, part } from '../part.ts';
import { runArtifacts } from './artifacts.tsx';
import { runCourse, runHead } from './head.tsx';
import { runKeyMetrics } from './key-metrics.tsx';
import { runActionsPart, runFiles, runLineage } from './links.tsx';
import { runLog } from './log.tsx';
import { runMetrics, runParameters } from './numbers.tsx';
import { runReceipt } from './receipt.tsx';
import { runRepeat } from './repeat.tsx';

/**
 * Everything about a run in the order of a reader's questions: what is it, what came out and how good is that, what produced
 * it, what is it part of. What went wrong comes first.
 */
export function runPage(facts: RunPageFacts): Part[] {
  return [
    runHead(facts),
    <div class="grid" data-run={facts.run.slug} data-status={facts.run.status}>
      {facts.run.error !== undefined && runCourse(facts)}
      {runKeyMetrics(facts)}
      {runMetrics(facts)}
      {runLog(facts)}
      <div class="grid pair run-pair">
        {runParameters(facts)}
        {runReceipt(facts)}
      </div>
      {runRepeat(facts)}
      {runArtifacts(facts)}
      {runLineage(facts)}
      {facts.run.error === undefined && runCourse(facts)}
      {runActionsPart(facts)}
      {runFiles(facts)}
    </div>,
  ];
}
