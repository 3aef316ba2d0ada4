import { DaybookError } from '../../base/errors.ts';
import { daybookBuild } from '../../base/version.ts';
import { recordingWordsOfEnd } from '../../operations/recording-end.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { periodicIds, readPeriodic } from '../../store/periodic-store.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { noteElsewhere } from '../elsewhere.ts';
import { noteEmpty } from '../empty-book.ts';
import { printSnapshot } from '../print/snapshot.ts';
import { formatFinding } from '../text/finding.ts';

/** `daybook latest`: shows the newest periodic snapshot that can be read. */
export async function run(context: CommandContext<'latest'>): Promise<number | undefined> {
  const { out } = context;
  const root = bookRootOf(context);
  for (const id of periodicIds(root).reverse()) {
    const { record, finding } = readPeriodic(root, id);
    if (record === undefined) {
      if (finding !== undefined)
        out.note(`${out.errorPalette.warning('skipped:')} ${formatFinding(finding)}`);
      continue;
    }
    if (context.json) out.printJson(record.content);
    else {
      const { config } = await readConfigFile(root);
      printSnapshot(
        record,
        out,
        await recordingWordsOfEnd(root, config, context.clock.nowUs(), {}, daybookBuild),
      );
    }
    return undefined;
  }
  if (context.json) {
    await noteElsewhere(root, out);
    throw new DaybookError('not-found', 'There is no periodic snapshot in this book yet.', {
      hint: 'Take one: daybook periodic',
    });
  }
  await noteEmpty('snapshots', root, out);
  return 3;
}
