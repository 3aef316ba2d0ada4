import type { VersionPageFacts } from '../../data/versions/page.ts';
import { type Part, part } from '../part.ts';

/** The commands that get a version back, compare it and give it a name, ready to be copied. */
export function versionCommands({ view, details, before }: VersionPageFacts): Part {
  const name = shellWord(view.version);
  const isText = typeof details.content === 'string';
  const file = `${/^[\w.+-]{1,120}$/.test(view.version) ? view.version : 'version'}${isText ? '.txt' : '.json'}`;
  const isThere = view.state !== 'missing' && view.state !== 'python';
  const unverified = view.state === 'damaged' ? ' --unverified' : '';
  const commands = [
    isThere ? `daybook store get ${name}${unverified} --out ${file}` : '',
    before === undefined ? '' : `daybook store compare ${shellWord(before.version)} ${name}`,
    `daybook store tag ${name} release-1.0`,
  ];
  return commandPart(commands.filter(Boolean).join('\n'));
}

/** Commands in a box of their own. */
export function commandPart(command: string): Part {
  return (
    <pre class="command">
      <code>{command}</code>
    </pre>
  );
}

/** A word as shells take it, whatever is in it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_.+/][A-Za-z0-9_.+/-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
