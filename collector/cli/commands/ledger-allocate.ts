import { visibleText } from '../../base/terminal.ts';
import { allocateRun } from '../../operations/ledger/write-ledger.ts';
import { type CommandContext, optionText, parseCount } from '../context.ts';
import { hashOf, withLedger } from '../ledger-options.ts';

/** `daybook ledger allocate`: gives a new run its number and prints it. */
export async function run(context: CommandContext): Promise<undefined> {
  const { out } = context;
  const maxsize = optionText(context, 'maxsize');
  const resume = context.options.has('resume');
  const request = {
    identifier: context.arguments[0]!,
    relpath: optionText(context, 'relpath'),
    status: optionText(context, 'status'),
    paramHash: hashOf(context),
    maxsize: maxsize === undefined ? undefined : parseCount(maxsize, '--maxsize'),
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
