import { resolve } from 'node:path';
import { findBookRoot } from '../base/paths.ts';
import { visibleText } from '../base/terminal.ts';
import type { BookConfig } from '../formats/config/config.ts';
import type { Finding } from '../formats/findings/finding.ts';
import {
  type BookVersions,
  openVersionContext,
  type VersionStoreOptions,
  versionsOf,
} from '../operations/versions/book-versions.ts';
import type { VersionContext } from '../operations/versions/context.ts';
import { readConfigFile } from '../store/config-file.ts';
import { bookRootOf, givenFolder, type With, type World } from './context.ts';
import type { storeOption } from './tables/store.ts';
import { formatFinding } from './text/finding.ts';

/** Opens the store a command line names, hands it to `use`, and lets go of it. */
export async function withStore<T>(
  context: With<typeof storeOption>,
  use: (versions: BookVersions, config: BookConfig, store: VersionContext) => Promise<T>,
  options: Pick<VersionStoreOptions, 'deltaStrategy' | 'maxSnapshots'> = {},
): Promise<T> {
  const given = context.options.store;
  // A store of its own needs no book; where there is one, its snapshots are versions, too.
  const root =
    given === undefined
      ? bookRootOf(context)
      : (givenFolder(context) ?? findBookRoot(context.cwd) ?? context.cwd);
  const { config } = await readConfigFile(root);
  const store = openVersionContext(root, {
    ...options,
    durability: config.durability,
    clock: context.clock,
    ...(given === undefined ? {} : { store: resolve(context.cwd, given) }),
  });
  const versions = versionsOf(store);
  try {
    return await use(versions, config, store);
  } finally {
    await versions.close();
  }
}

/** Says on standard error what is damaged while the rest is used. */
export function noteDamage(context: World, findings: readonly Finding[]): void {
  const { out } = context;
  for (const finding of findings)
    out.warn(
      `${out.errorPalette.warning('finding')} ${formatFinding(finding)} (${visibleText(finding.hint)})`,
    );
}
