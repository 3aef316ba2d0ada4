import { visibleText } from '../../base/terminal.ts';
import { allocateRun } from '../../operations/ledger/write-ledger.ts';
import type { CommandContext } from '../context.ts';
import { hashOf, withLedger } from '../ledger-options.ts';

/** `daybook ledger allocate`: gives a new run its number and prints it. */
export async function run(context: CommandContext<'ledger allocate'>): Promise<undefined> {
  const { out } = context;
  const resume = context.options.resume;
  const request = {
    identifier: context.arguments[0],
    relpath: context.options.relpath,
    status: context.options.status,
    paramHash: hashOf(context),
    maxsize: context.options.maxsize,
    resume,
  };
  const { identifier, relpath, uid, resumed } = await withLedger(context, (writer) =>
    allocateRun(writer, request),
  );
  if (context.json) return out.printJson({ identifier, relpath, uid, ...(resume ? { resumed } : {}) });
  out.print(visibleText(uid));
  const place = relpath === '' ? '' : ` in ${visibleText(relpath)}`;
  out.note(
    out.errorPalette.faint(
      `${resumed ? 'resumed' : 'allocated'} ${visibleText(identifier)} ${visibleText(uid)}${place}`,
    ),
  );
  return undefined;
}
