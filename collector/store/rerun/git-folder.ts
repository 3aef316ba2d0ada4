import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { jsonText } from '../../base/json/text.ts';
import type { ReceiptRepository } from '../../formats/receipts/record.ts';
import { openCodeRepository, runCodeGit } from '../receipts/code-repository.ts';

/**
 * Makes a repository of code that was brought back, so that programs that ask git get the answers of then: HEAD, branch and
 * what was changed. It borrows the objects of the one it comes from, where nothing is written. Returns why it could not be made.
 */
export async function makeGitFolder(
  { head, commit, branch, remote }: ReceiptRepository,
  origin: string,
  folder: string,
): Promise<string | undefined> {
  try {
    const { objects, common } = await openCodeRepository(origin);
    const at = head ?? commit;
    const format = at?.length === 64 ? 'sha256' : 'sha1';
    await runCodeGit(folder, ['init', '--quiet', '--template=', `--object-format=${format}`]);
    const own = join(folder, '.git');
    mkdirSync(join(own, 'objects', 'info'), { recursive: true });
    writeFileSync(join(own, 'objects', 'info', 'alternates'), `${quoted(objects)}\n`);
    const shallow = join(common, 'shallow');
    if (existsSync(shallow)) copyFileSync(shallow, join(own, 'shallow'));
    if (remote !== undefined) await runCodeGit(folder, ['config', 'remote.origin.url', remote]);
    if (at === undefined) return undefined;
    if (branch === undefined) await runCodeGit(folder, ['update-ref', '--no-deref', 'HEAD', at]);
    else {
      await runCodeGit(folder, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
      await runCodeGit(folder, ['update-ref', 'HEAD', at]);
    }
    await runCodeGit(folder, ['read-tree', at]);
    return undefined;
  } catch (error) {
    return messageOf(error).replace(/\.$/, '');
  }
}

/** Lines of the file may be written as C strings. */
function quoted(path: string): string {
  return /["\\\n]|^#/.test(path) ? jsonText(path) : path;
}
