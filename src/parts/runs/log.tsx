import { formatCount } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { ArtifactPreview } from '../../data/publish/artifact-preview.ts';
import type { LogPart, LogView } from '../../data/publish/log-view.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { RunArtifact } from '../../data/runs/types.ts';
import { monoPart, Panel, pathPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';

/** Whether a preview is the log of a run, which has a place of its own on the page. */
export const isLog = (preview: ArtifactPreview | undefined) => preview?.shown?.kind === 'log';

/** What the command of a run wrote: searched and gone through by the script of the page, and text without it. */
export function runLog({ run, previews }: RunPageFacts): Inside {
  return run.artifacts.map((artifact, at) => {
    const shown = previews[at]?.shown;
    return shown?.kind === 'log' ? logPart(artifact, shown.log, at) : undefined;
  });
}

function logPart(artifact: RunArtifact, log: LogView, at: number): Part {
  const id = `log-${at}`;
  if (log.total === 0)
    return (
      <Panel title="Log" id={id}>
        <p class="panel-text">The command wrote nothing.</p>
      </Panel>
    );
  const shown = log.parts.reduce((all, { lines }) => all + lines.length, 0);
  const isWhole = shown === log.total;
  return (
    <Panel title="Log" id={id} note={plural(log.total, 'line')}>
      <daybook-log>
        <div class="log-tools">
          {log.lastError !== undefined && (
            <a href={`#${id}-error`}>Last error, line {formatCount(log.lastError)}</a>
          )}
          {log.total > 20 && <a href={`#${id}-end`}>End</a>}
        </div>
        <pre class="raw log" tabindex={0}>
          <code>
            {log.parts.map((one, index) =>
              stretch(one, index === 0 ? 1 : endOf(log.parts[index - 1]!), id, log),
            )}
          </code>
          <span id={`${id}-end`} />
        </pre>
      </daybook-log>
      <p class="panel-text">
        {isWhole ? 'All of it; ' : 'The beginning, what is around the last error, and the end; '}
        <span class="mono">{pathPart(artifact.file ?? artifact.id)}</span>
        {isWhole ? ' is the file. ' : ' has the rest. '}
        {monoPart(`zcat ${artifact.file ?? artifact.id}`)} prints it.
      </p>
    </Panel>
  );
}

const endOf = ({ from, lines }: LogPart) => from + lines.length;

function stretch({ from, lines }: LogPart, expected: number, id: string, { lastError }: LogView): Inside {
  const missing = from - expected;
  return [
    missing > 0 && <span class="log-gap">{`… ${plural(missing, 'line')} …`}</span>,
    lines.map((spans, at) => {
      const isError = from + at === lastError;
      return (
        <span
          class={isError ? 'log-line log-error' : 'log-line'}
          id={isError ? `${id}-error` : undefined}
          data-line={from + at}
        >
          {spans.map(({ text, look }) => (look === '' ? text : <span class={look}>{text}</span>))}
          {'\n'}
        </span>
      );
    }),
  ];
}
