import { DaybookError } from '../../base/errors.ts';
import { defaultBranch, initBook, signOfGitHub } from '../../operations/init.ts';
import { type WorkflowFacts, workflowFacts } from '../../operations/workflow-text.ts';
import { readConfigFile } from '../../store/config-file.ts';
import { ask } from '../ask.ts';
import { type CommandContext, givenFolder } from '../context.ts';
import { formatColumns } from '../text/columns.ts';

/** `daybook init`: sets up the given folder, or the one we are in. */
export async function run(context: CommandContext<'init'>): Promise<undefined> {
  const { out } = context;
  const root = givenFolder(context) ?? context.cwd;
  const { github, why } = await chooseGitHub(context, root);
  const { force, update } = context.options;
  const files = initBook(root, { force, github, update, ...(github && { facts: await factsOf(root) }) });
  if (context.json) return out.printJson({ root, github, files });
  if (context.quiet) return undefined;
  const { bad, good, faint, strong } = out.palette;
  const rows = files.map(({ path, state, note }) => [state, path, note]);
  const lines = formatColumns(rows, [
    {
      paint: (text) =>
        text.startsWith('kept') ? faint(text) : text.startsWith('missing') ? bad(text) : good(text),
    },
    {},
    { paint: faint, flexible: true },
  ]);
  for (const line of lines) out.print(line);
  out.note('');
  if (why !== '') out.note(why);
  out.note(
    `Next: ${strong('daybook periodic')} takes a snapshot, ${strong('daybook action deploy target=production')} records an action,`,
  );
  out.note(`${strong('daybook build --open')} shows them.`);
  if (github) out.note('GitHub records from the push on that brings these files to the default branch.');
  return undefined;
}

async function factsOf(root: string): Promise<WorkflowFacts> {
  const { config } = await readConfigFile(root);
  return workflowFacts(config, await defaultBranch(root));
}

/** What was said, else what is found, else what the person answers, else local; and the reason where nobody said it. */
async function chooseGitHub(
  context: CommandContext<'init'>,
  root: string,
): Promise<{ github: boolean; why: string }> {
  const { local, github } = context.options;
  if (local && github)
    throw new DaybookError('usage', 'Expected --local or --github, found both.', {
      hint: '--github writes the workflow, --local does not.',
    });
  if (local || github) return { github, why: '' };
  const sign = await signOfGitHub(root);
  if (sign !== undefined)
    return { github: true, why: `With a workflow for GitHub, because ${sign}; --local leaves it out.` };
  const answer = await ask(context, 'Also record on GitHub, by a workflow on every push and on a schedule?');
  return {
    github: answer === true,
    why:
      answer === undefined
        ? 'Without a workflow for GitHub, because nothing here speaks of it; daybook init --github writes it.'
        : '',
  };
}
