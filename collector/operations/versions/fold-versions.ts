import { existsSync } from 'node:fs';
import { messageOf } from '../../base/errors.ts';
import { openFileBackend } from '../../store/versions/file-backend.ts';
import { isRegistryBehind } from '../../store/versions/read-index.ts';
import { versionPaths, versionsFolder } from '../../store/versions/version-files.ts';

/**
 * Brings the list of a book's versions up to date where it lags behind, so that what is committed and published names
 * every version for programs that read nothing else. A damaged list is left for doctor to show, and so is a store that
 * only the original wrote. `note` hears of one that could not be written; that is no error, because nothing depends on it. `isChanged` says that files of metadata
 * were replaced, which the list does not notice by itself.
 */
export async function foldVersions(
  root: string,
  note: (text: string) => void = () => undefined,
  options: { isChanged?: boolean } = {},
): Promise<void> {
  const folder = versionsFolder(root);
  const shownAs = 'snapshots/store';
  let backend: ReturnType<typeof openFileBackend> | undefined;
  try {
    const paths = versionPaths(folder);
    const isBehind = options.isChanged === true ? existsSync(paths.journal) : isRegistryBehind(paths);
    if (!isBehind) return;
    backend = openFileBackend(folder, { shownAs });
    let isDamaged = false;
    await backend.list((finding) => {
      isDamaged ||= finding.code === 'damaged-registry';
    });
    if (!isDamaged) await backend.exclusive(() => backend!.settle());
  } catch (error) {
    note(`${shownAs}/registry.json does not list every version yet: ${messageOf(error)}`);
  } finally {
    await backend?.close();
  }
}
