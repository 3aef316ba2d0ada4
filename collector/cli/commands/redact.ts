import { plural } from '../../base/format/words.ts';
import { isInRepository } from '../../base/git-trouble.ts';
import { visibleText } from '../../base/terminal.ts';
import { redact } from '../../operations/redact/redact.ts';
import { bookRootOf, type CommandContext } from '../context.ts';

const maxListed = 5;

/** `daybook redact`: takes something out of a record and says what still holds it. */
export async function run(context: CommandContext<'redact'>): Promise<undefined> {
  const { out } = context;
  const [id = '', path = ''] = context.arguments;
  out.progress('redacting …');
  const root = bookRootOf(context);
  const result = await redact(root, id, path, context.clock);
  out.progress();
  if (context.json) return out.printJson(result);
  const { files, remaining, history, openIn } = result;
  out.print(`${out.palette.good('redacted')} ${visibleText(id)} in ${listed(files)}`);
  if (openIn.length > 0)
    out.warn(`process ${openIn.join(', ')} still has the old log open; it goes when that ends`);
  if (remaining.length > 0) out.warn(`the same text still stands in ${listed(remaining)}`);
  for (const { id: of, path: field } of result.rolled.slice(0, maxListed))
    out.note(`A roll-up holds it: daybook redact ${visibleText(of)} ${visibleText(field)}`);
  if (history !== null && history.versions > 0) {
    const { versions, commits, refs } = history;
    out.warn(
      `git still holds it: ${plural(versions, 'version')} of these files, commits ${listed(commits)}, reached from ${listed(refs)}`,
    );
    out.note(
      'Take it out of the history with git filter-repo --replace-text, push with force, and have every clone made again.',
    );
  }
  if (history === null && isInRepository(root))
    out.warn('git could not be asked what its history still holds; see daybook doctor');
  out.note(
    'Build and publish the site again. What was secret and public once is to be revoked, whatever is removed.',
  );
  return undefined;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, maxListed).map(visibleText).join(', ');
  return names.length > maxListed ? `${shown} and ${names.length - maxListed} more` : shown;
}
