import { shellWord } from '../../../collector/base/format/shell-words.ts';
import { inWords, plural } from '../../../collector/base/format/words.ts';
import type { MarkName } from '../../charts/status-shape.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { RerunWord, RunDetails } from '../../data/runs/types.ts';
import { linkPart, markedPart, Panel, pathPart } from '../basics.tsx';
import { group, type Inside, type Part, part } from '../part.ts';

const marks: Readonly<Record<RerunWord, MarkName>> = {
  same: 'completed',
  'within tolerance': 'reproducible',
  different: 'failed',
  inconclusive: 'unknown',
};
const maxListed = 8;
const maxReasons = 6;

/** How a run is run again: one command to copy, or what would have to be recorded for it; and what came of it before. */
export function runRepeat(facts: RunPageFacts): Part {
  const { run } = facts;
  const lacks = lacksOf(run);
  return (
    <Panel title="How to repeat it" id="repeat" legend={verdictPart(run)}>
      {repeatsPart(facts)}
      {lacks === undefined ? (
        <>
          <p class="panel-text">
            The recorded code in a folder of its own, data checked, the same command; then the results are
            compared.
          </p>
          {commandPart(`daybook rerun ${shellWord(run.key)}`)}
        </>
      ) : (
        <>
          <p class="panel-text">{lacks} What can be repeated is recorded with</p>
          {commandPart(
            'daybook exec <type> --lock --repo . --data <path> --output <path> --out <folder> -- <command>',
          )}
        </>
      )}
      {repeatedPart(facts)}
    </Panel>
  );
}

function verdictPart({ receipt }: RunDetails): Inside {
  const rerun = receipt?.rerun;
  return rerun !== undefined && wordPart(rerun.verdict);
}

function wordPart(word: RerunWord | undefined): Part {
  return word === undefined ? markedPart('unknown', 'no verdict') : markedPart(marks[word], word);
}

/** What of a run is not recorded; undefined where it can be run again. */
function lacksOf({ receipt, experiment }: RunDetails): string | undefined {
  if (receipt?.shortened) return undefined;
  const command = receipt?.environment?.['command'];
  const hasCommand = Array.isArray(command) && command.length > 0;
  const hasCode =
    (receipt !== undefined && (Object.keys(receipt.repos).length > 0 || receipt.parent !== undefined)) ||
    (typeof experiment?.['git_commit'] === 'string' && experiment['git_dirty'] === false);
  if (hasCommand && hasCode)
    return command.some((word) => String(word).includes('‹masked: '))
      ? 'Its command held a secret, which is not recorded.'
      : undefined;
  if (hasCommand) return 'Its code is not recorded.';
  return hasCode ? 'Its receipt has no command.' : 'Neither its code nor its command is recorded.';
}

/** The script of the page puts a button beside it. */
function commandPart(command: string): Part {
  return (
    <daybook-copy class="copy-command">
      <pre class="command" tabindex={0}>
        <code>{command}</code>
      </pre>
    </daybook-copy>
  );
}

/** What this run repeats, and what came of it. */
function repeatsPart(facts: RunPageFacts): Inside {
  const { run } = facts;
  const rerun = run.receipt?.rerun;
  if (rerun === undefined) return undefined;
  const at = run.parents.findIndex(({ kind }) => kind === 'rerun');
  const slug = run.parentSlugs[at] ?? undefined;
  const shown = rerun.reasons.slice(0, maxReasons);
  const rest = rerun.reasons.length - shown.length;
  return (
    <>
      <p class="panel-text">
        It repeats {linkPart(slug === undefined ? undefined : facts.hrefOf(slug), pathPart(rerun.of))}:{' '}
        {rerun.verdict ?? 'no verdict'}.
      </p>
      <ul class="repeat-reasons">
        {shown.map((reason) => (
          <li>{reason}</li>
        ))}
        {rest > 0 && <li>{`and ${plural(rest, 'more reason')} in the receipt`}</li>}
      </ul>
    </>
  );
}

/** Which runs repeat this one. */
function repeatedPart(facts: RunPageFacts): Inside {
  const reruns = facts.run.reruns ?? [];
  if (reruns.length === 0) return undefined;
  const words = [...new Set(reruns.map(({ verdict }) => verdict ?? 'no verdict'))];
  return (
    <>
      <p class="panel-text">{`Repeated ${reruns.length === 1 ? 'once' : inWords(reruns.length, 'time')}: ${words.join(', ')}.`}</p>
      <ul class="relations">
        {reruns.slice(0, maxListed).map(({ key, slug, verdict }) => (
          <li>
            <span class="relation-word">{wordPart(verdict)}</span>
            {linkPart(facts.hrefOf(slug), pathPart(key))}
          </li>
        ))}
        {reruns.length > maxListed && <li class="pale">and {reruns.length - maxListed} earlier ones</li>}
      </ul>
    </>
  );
}
