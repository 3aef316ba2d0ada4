import { formatBytes } from '../../../collector/base/format/number.ts';
import { plainText } from '../../../collector/base/format/plain.ts';
import { plural } from '../../../collector/base/format/words.ts';
import type { ArtifactPreview } from '../../data/publish/artifact-preview.ts';
import type { RunPageFacts } from '../../data/runs/page.ts';
import type { RunArtifact } from '../../data/runs/types.ts';
import { foldPart, linkPart, monoPart, panelPart, pathPart, rawPart } from '../basics.ts';
import { type Inside, type Part, part } from '../part.ts';
import { valuePart } from '../values/value.ts';

const maxShown = 60;

/** What a run produced: images first, then what can be read, then the rest as a list. */
export function runArtifacts(facts: RunPageFacts): Part | undefined {
  const all = facts.run.artifacts.map((artifact, at) => ({ artifact, preview: facts.previews[at] }));
  if (all.length === 0) return undefined;
  const images = all.filter(({ preview }) => preview?.shown?.kind === 'image' && preview.href !== undefined);
  const others = all.filter((one) => !images.includes(one));
  return panelPart(
    { title: 'Artifacts', id: 'artifacts', note: plural(all.length, 'file') },
    facts.noPreviews !== undefined && part('p', { class: 'panel-text' }, facts.noPreviews),
    images.length > 0 &&
      part(
        'ul',
        { class: 'pictures' },
        images.slice(0, maxShown).map((one) => picturePart(facts.up, one.artifact, one.preview!)),
      ),
    others.length > 0 &&
      part(
        'ul',
        { class: 'rows' },
        others.slice(0, maxShown).map((one) => artifactPart(facts.up, one.artifact, one.preview)),
      ),
    all.length > maxShown * 2 && part('p', { class: 'panel-text' }, 'and more; the files name them all.'),
  );
}

function picturePart(up: string, artifact: RunArtifact, preview: ArtifactPreview): Part {
  const shown = preview.shown as { width: number | undefined; height: number | undefined };
  const name = nameOf(artifact);
  return part(
    'li',
    { class: 'picture' },
    part(
      'a',
      { href: `${up}${preview.href}` },
      part('img', {
        src: `${up}${preview.href}`,
        alt: plainText(artifact.description ?? name),
        width: shown.width,
        height: shown.height,
        loading: 'lazy',
      }),
    ),
    part('p', { class: 'mono' }, pathPart(name)),
    aboutPart(artifact, preview),
  );
}

function artifactPart(up: string, artifact: RunArtifact, preview: ArtifactPreview | undefined): Part {
  return part(
    'li',
    { class: 'artifact' },
    part(
      'div',
      { class: 'artifact-head' },
      linkPart(
        preview?.href === undefined ? undefined : `${up}${preview.href}`,
        pathPart(nameOf(artifact)),
        'mono',
      ),
      aboutPart(artifact, preview),
    ),
    preview?.shown !== undefined && shownPart(preview),
  );
}

function aboutPart(artifact: RunArtifact, preview: ArtifactPreview | undefined): Part {
  const bytes = preview?.bytes ?? artifact.bytes;
  const why = preview === undefined || preview.href !== undefined ? undefined : preview.why;
  return part(
    'p',
    { class: 'artifact-about' },
    artifact.type !== '' && part('span', {}, plainText(artifact.type)),
    bytes !== undefined && part('span', {}, formatBytes(bytes)),
    artifact.description !== undefined &&
      artifact.description !== '' &&
      part('span', { class: 'dim' }, plainText(artifact.description)),
    artifact.tags.map((tag) => part('span', { class: 'tag' }, plainText(tag))),
    artifact.digest !== undefined && monoPart(artifact.digest.slice(0, 19), artifact.digest),
    artifact.file === undefined && part('span', {}, 'not in this book'),
    preview === undefined &&
      artifact.file !== undefined &&
      artifact.file !== nameOf(artifact) &&
      part('span', {}, 'in this book: ', part('span', { class: 'mono' }, pathPart(artifact.file))),
    why !== undefined && artifact.file !== undefined && part('span', {}, `not copied: ${why}`),
  );
}

function shownPart({ shown, href }: ArtifactPreview): Inside {
  switch (shown?.kind) {
    case 'text':
      return foldPart(shown.isCut ? 'The beginning' : 'Content', rawPart(shown.text));
    case 'value':
      return foldPart('Content', part('div', { class: 'artifact-value' }, valuePart(shown.value)));
    case 'table':
      return foldPart(
        shown.isCut ? `The first ${plural(shown.rows.length, 'row')}` : plural(shown.rows.length, 'row'),
        gridPart(shown.head, shown.rows),
      );
    case 'image':
      return href === undefined ? undefined : part('span', {});
    case undefined:
      return undefined;
  }
}

function gridPart(head: string[], rows: string[][]): Part {
  const isNumber = head.map((_, at) =>
    rows.every((row) => row[at] === undefined || row[at] === '' || Number.isFinite(Number(row[at]))),
  );
  const kind = (at: number) => (isNumber[at] ? 'number' : undefined);
  return part(
    'div',
    { class: 'table-frame artifact-table', tabindex: 0 },
    part(
      'table',
      { class: 'table records' },
      part(
        'thead',
        {},
        part(
          'tr',
          {},
          head.map((name, at) => part('th', { scope: 'col', class: kind(at) }, plainText(name))),
        ),
      ),
      part(
        'tbody',
        {},
        rows.map((row) =>
          part(
            'tr',
            {},
            head.map((_, at) => part('td', { class: kind(at) }, plainText(row[at] ?? ''))),
          ),
        ),
      ),
    ),
  );
}

function nameOf(artifact: RunArtifact): string {
  return artifact.path ?? artifact.file ?? artifact.id;
}
