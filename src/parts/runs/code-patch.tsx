import { plural } from '../../../collector/base/format/words.ts';
import type { CodeChanges } from '../../data/runs/code-changes.ts';
import type { PatchFile, PatchLine } from '../../data/runs/code-patch.ts';
import { type CodePatch, type CodeSubject, codeSubjects } from '../../data/runs/code-subjects.ts';
import type { ComparedRun } from '../../data/runs/compare.ts';
import { Panel, pathPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';

/** So many files of a patch stand open. */
const fewFiles = 3;
const fewLines = 60;

/** What differs in the code of compared runs, line by line; undefined where nothing is known to. */
export function codePanel(compared: readonly ComparedRun[], code: CodeChanges | undefined): Part | undefined {
  const subjects = codeSubjects(
    compared.map(({ run }) => run),
    code ?? {},
  );
  if (subjects.length === 0) return undefined;
  return (
    <Panel title="Code" id="code">
      {subjects.map((subject) => subjectPart(subject))}
    </Panel>
  );
}

function subjectPart({ letters, repository, change, isPart, patch }: CodeSubject): Part {
  const whole = letters.length > 1 ? `${letters.slice(0, -1).join(', ')} and ${letters.at(-1)}` : letters[0];
  return (
    <section class="patch-subject">
      <h3>
        <b class="letter">{whole}</b> against <b class="letter">A</b>
        {repository !== '' && <span class="dim mono"> {pathPart(repository)}</span>}{' '}
        <span class="dim">{plural(change.count, 'file')}</span>
      </h3>
      {patch.files.map((file, at) => filePart(file, at < fewFiles && file.lines.length <= fewLines))}
      {patchNote(patch, change.count)}
      {isPart && (
        <p class="small-note">What was changed and not committed is not in it: only a receipt has that.</p>
      )}
    </section>
  );
}

function filePart({ path, lines }: PatchFile, isOpen: boolean): Part {
  const count = (kind: PatchLine['kind']) => lines.filter((line) => line.kind === kind).length;
  return (
    <details class="patch-file" open={isOpen}>
      <summary>
        <span class="mono">{pathPart(path)}</span>{' '}
        <span class="dim">
          +{count('added')} −{count('removed')}
        </span>
      </summary>
      <div class="table-frame" tabindex={0} role="region" aria-label={`Patch of ${path}`}>
        <table class="patch">
          <tbody>{lines.map((line) => linePart(line))}</tbody>
        </table>
      </div>
    </details>
  );
}

const signs: Record<PatchLine['kind'], string> = { added: '+', removed: '−', same: '', place: '', note: '' };

function linePart({ kind, text }: PatchLine): Part {
  return (
    <tr class={`patch-${kind}`}>
      <td class="patch-sign">{signs[kind]}</td>
      <td>
        <code>{text}</code>
      </td>
    </tr>
  );
}

function patchNote({ state, files }: CodePatch, count: number): Inside {
  const why = {
    whole: undefined,
    cut: `The patch is longer: ${plural(files.length, 'file')} of ${count} shown here. `,
    secret: 'Something in the patch looks like a secret, so it is not shown here. ',
    long: 'The patch is too long for this page. ',
    unknown: 'The patch is not known. ',
  }[state];
  return (
    why !== undefined && (
      <p class="small-note">
        {why}
        <span class="mono">daybook diff A B --code</span> shows it.
      </p>
    )
  );
}
