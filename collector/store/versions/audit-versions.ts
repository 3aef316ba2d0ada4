import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { showText } from '../../base/show.ts';
import { temporaryPrefix } from '../../base/temporary-name.ts';
import type { Finding } from '../../formats/findings/finding.ts';
import { foldName } from '../../formats/versions/name.ts';
import { baseOf, type VersionMetadata } from '../../formats/versions/version.ts';
import { listNames, snapshotsFolder } from '../layout.ts';
import { isLeftover } from '../leftover-file.ts';
import { readPruned } from '../pruned-snapshots.ts';
import type { Report } from './backend.ts';
import { openFileBackend } from './file-backend.ts';
import { readPinFiles } from './pin-files.ts';
import { readVersionContent } from './read-version.ts';
import {
  isVersionStore,
  type VersionPaths,
  versionOfContent,
  versionPaths,
  versionsFolder,
} from './version-files.ts';

/**
 * Reports what is wrong with a book's store; writes nothing. Says how many versions there are. Without `contents` only
 * their metadata is read.
 */
export async function auditVersions(root: string, report: Report, contents = true): Promise<number> {
  readPruned(root, report);
  const folder = versionsFolder(root);
  if (!isVersionStore(folder)) return 0;
  const shownAs = 'snapshots/store';
  const backend = openFileBackend(folder, { shownAs });
  const paths = versionPaths(folder);
  const versions = await backend.list(report);
  for (const metadata of contents ? versions : []) {
    const content = await readVersionContent(backend, metadata);
    if (!content.ok) report(content.problem);
  }
  reportSimilar(versions, shownAs, report);
  for (const { file, found } of findLeftovers(paths, versions)) report(leftover(`${shownAs}/${file}`, found));
  for (const id of readPinFiles(paths, shownAs, report).keys()) {
    if (!existsSync(join(snapshotsFolder(root), `${id}.json`)))
      report(lostPin(`${shownAs}/periodic/${id}.json`, id));
  }
  await backend.close();
  return versions.length;
}

/** A file in the store that belongs to nothing: relative to the store, and what it is. */
export interface Leftover {
  file: string;
  found: string;
}

/** What writers left that did not finish: temporary files, content without a version, content in a form not in use. */
export function findLeftovers(paths: VersionPaths, versions: readonly VersionMetadata[]): Leftover[] {
  const known = new Map(versions.map((each) => [each.version, each]));
  const found: Leftover[] = [];
  for (const [name, folder] of [
    ['', paths.folder],
    ['metadata/', paths.metadata],
    ['periodic/', paths.pins],
  ] as const) {
    for (const file of listNames(folder))
      if (isTemporary(folder, file)) found.push({ file: `${name}${file}`, found: unfinished });
  }
  const stored = listNames(paths.data);
  for (const file of stored) {
    const content = versionOfContent(file);
    const why = isTemporary(paths.data, file) ? unfinished : content && whyLeftover(content, known, stored);
    if (why !== undefined) found.push({ file: `data/${file}`, found: why });
  }
  return found;
}

const unfinished = 'what a writer left that did not finish';

/** The original names its temporary files after the version, and does not say whose they are. */
function isTemporary(folder: string, name: string): boolean {
  return isLeftover(join(folder, name), name) || (name.endsWith('.tmp') && !name.startsWith(temporaryPrefix));
}

function whyLeftover(
  { version, form }: { version: string; form: string },
  known: ReadonlyMap<string, VersionMetadata>,
  stored: readonly string[],
): string | undefined {
  const metadata = known.get(version);
  if (metadata === undefined) return 'content of a version that is not there';
  // A delta of the original that was converted keeps both forms.
  const isPython = stored.includes(`${version}.delta`);
  const inUse = baseOf(metadata) === undefined ? 'full' : 'delta';
  if (form === 'python-delta' || form === inUse || isPython) return undefined;
  return stored.includes(`${version}${inUse === 'full' ? '.data' : '.patch.json'}`)
    ? `the content of "${showText(version)}" in a form that is no longer used`
    : undefined;
}

function reportSimilar(versions: readonly VersionMetadata[], shownAs: string, report: Report): void {
  const byFold = new Map<string, string>();
  for (const { version } of versions) {
    const other = byFold.get(foldName(version));
    byFold.set(foldName(version), version);
    if (other === undefined) continue;
    report({
      code: 'similar-versions',
      severity: 'warning',
      file: `${shownAs}/metadata/${version}.json`,
      expected: 'names that differ in more than case and accents',
      found: `"${showText(other)}" and "${showText(version)}"`,
      hint: 'On some systems one hides the other: export one and import it under another name.',
    });
  }
}

function leftover(file: string, found: string): Finding {
  return {
    code: 'leftover',
    severity: 'note',
    file,
    expected: 'no unfinished files',
    found,
    hint: 'If no Daybook is running, `daybook doctor --repair` moves it away.',
  };
}

function lostPin(file: string, id: string): Finding {
  return {
    code: 'missing-version',
    severity: 'note',
    file,
    expected: `the periodic snapshot ${showText(id)}, which has tags`,
    found: 'no such snapshot',
    hint: 'Restore it from git, or delete the file with its tags.',
  };
}
