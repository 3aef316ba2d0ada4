import { formatBytes } from '../../../collector/base/format/number.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { ArtifactPreview } from '../../data/publish/artifact-preview.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { RunArtifact } from '../../data/runs/types.ts';
import { foldPart, linkPart, monoPart, Panel, pathPart, rawPart } from '../basics.tsx';
import { type Inside, type Part, part } from '../part.ts';
import { valuePart } from '../values/value.tsx';
import { isLog } from './log.tsx';

const maxShown = 60;

/** What a run produced: images first, then what can be read, then the rest as a list. */
export function runArtifacts(facts: RunPageFacts): Part | undefined {
  const all = facts.run.artifacts
    .map((artifact, at) => ({ artifact, preview: facts.previews[at] }))
    .filter(({ preview }) => !isLog(preview));
  if (all.length === 0) return undefined;
  const images = all.filter(({ preview }) => preview?.shown?.kind === 'image' && preview.href !== undefined);
  const others = all.filter((one) => !images.includes(one));
  return (
    <Panel title="Artifacts" id="artifacts" note={plural(all.length, 'file')}>
      {facts.noPreviews !== undefined && <p class="panel-text">{facts.noPreviews}</p>}
      {images.length > 0 && (
        <ul class="pictures">
          {images.slice(0, maxShown).map((one) => picturePart(facts.up, one.artifact, one.preview!))}
        </ul>
      )}
      {others.length > 0 && (
        <ul class="rows">
          {others.slice(0, maxShown).map((one) => artifactPart(facts.up, one.artifact, one.preview))}
        </ul>
      )}
      {all.length > maxShown * 2 && <p class="panel-text">and more; the files name them all.</p>}
    </Panel>
  );
}

function picturePart(up: string, artifact: RunArtifact, preview: ArtifactPreview): Part {
  const shown = preview.shown as { width: number | undefined; height: number | undefined };
  const name = nameOf(artifact);
  return (
    <li class="picture">
      <a href={`${up}${preview.href}`}>
        <img
          src={`${up}${preview.href}`}
          alt={artifact.description ?? name}
          width={shown.width}
          height={shown.height}
          loading="lazy"
        />
      </a>
      <p class="mono">{pathPart(name)}</p>
      {aboutPart(artifact, preview)}
    </li>
  );
}

function artifactPart(up: string, artifact: RunArtifact, preview: ArtifactPreview | undefined): Part {
  return (
    <li class="artifact">
      <div class="artifact-head">
        {linkPart(
          preview?.href === undefined ? undefined : `${up}${preview.href}`,
          pathPart(nameOf(artifact)),
          'mono',
        )}
        {aboutPart(artifact, preview)}
      </div>
      {preview?.shown !== undefined && shownPart(preview)}
    </li>
  );
}

const elsewhere = { folder: 'a folder of this book', address: 'elsewhere', missing: 'not in this book' };

function aboutPart(artifact: RunArtifact, preview: ArtifactPreview | undefined): Part {
  const bytes = preview?.bytes ?? artifact.bytes;
  const why = preview === undefined || preview.href !== undefined ? undefined : preview.why;
  return (
    <p class="artifact-about">
      {artifact.type !== '' && <span>{artifact.type}</span>}
      {bytes !== undefined && <span>{formatBytes(bytes)}</span>}
      {artifact.description !== undefined && artifact.description !== '' && (
        <span class="dim">{artifact.description}</span>
      )}
      {artifact.tags.map((tag) => (
        <span class="tag">{tag}</span>
      ))}
      {artifact.digest !== undefined && monoPart(artifact.digest.slice(0, 19), artifact.digest)}
      {artifact.file === undefined && <span>{elsewhere[artifact.kind ?? 'missing']}</span>}
      {preview === undefined && artifact.file !== undefined && artifact.file !== nameOf(artifact) && (
        <span>
          in this book: <span class="mono">{pathPart(artifact.file)}</span>
        </span>
      )}
      {why !== undefined && artifact.file !== undefined && <span>not copied: {why}</span>}
    </p>
  );
}

function shownPart({ shown, href }: ArtifactPreview): Inside {
  switch (shown?.kind) {
    case 'text':
      return foldPart(shown.isCut ? 'The beginning' : 'Content', rawPart(shown.text));
    case 'value':
      return foldPart('Content', <div class="artifact-value">{valuePart(shown.value)}</div>);
    case 'table':
      return foldPart(
        shown.isCut ? `The first ${plural(shown.rows.length, 'row')}` : plural(shown.rows.length, 'row'),
        gridPart(shown.head, shown.rows),
      );
    case 'log':
      return undefined;
    case 'image':
      return href === undefined ? undefined : <span />;
    case undefined:
      return undefined;
  }
}

function gridPart(head: string[], rows: string[][]): Part {
  const isNumber = head.map((_, at) =>
    rows.every((row) => row[at] === undefined || row[at] === '' || Number.isFinite(Number(row[at]))),
  );
  const kind = (at: number) => (isNumber[at] ? 'number' : undefined);
  return (
    <div class="table-frame artifact-table" tabindex={0}>
      <table class="table records">
        <thead>
          <tr>
            {head.map((name, at) => (
              <th scope="col" class={kind(at)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {head.map((_, at) => (
                <td class={kind(at)}>{row[at] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nameOf(artifact: RunArtifact): string {
  return artifact.path ?? artifact.file ?? artifact.id;
}
