import { appendFileSync } from 'node:fs';
import { plural } from '../../base/format/words.ts';
import { writeErrorOf } from '../../base/system-error.ts';
import { visibleText } from '../../base/terminal.ts';
import { jobSummary } from '../../operations/github/job-summary.ts';
import { commentOnPull } from '../../operations/github/pull-comment.ts';
import { recordEvent, recordJob } from '../../operations/github/record-event.ts';
import { bookRootOf, type CommandContext } from '../context.ts';

/** `daybook ci event`: records what started this job. */
export async function event(context: CommandContext<'ci event'>): Promise<undefined> {
  const { out, options } = context;
  const [first, ...others] = await recordEvent(bookRootOf(context), options, context);
  if (context.json) return out.printJson([first, ...others]);
  if (context.quiet) return undefined;
  const { good, faint } = out.palette;
  const { type, status } = first!.action;
  const more = others.length === 0 ? '' : ` and ${plural(others.length, 'more action')}`;
  out.print(`${good('recorded')} ${visibleText(type)} ${status}${more} ${faint(first!.snapshot_id)}`);
  return undefined;
}

/** `daybook ci job`: records that this job begins, or how it ended. */
export async function job(context: CommandContext<'ci job'>): Promise<undefined> {
  const { out } = context;
  const line = await recordJob(bookRootOf(context), context.arguments[0], context);
  if (context.json) return out.printJson(line);
  if (context.quiet) return undefined;
  out.print(
    `${out.palette.good('recorded')} job ${line.action.status} ${out.palette.faint(line.snapshot_id)}`,
  );
  return undefined;
}

/** `daybook ci summary`: sums up what this run recorded, on the page of the run. */
export async function summary(context: CommandContext<'ci summary'>): Promise<undefined> {
  const { env, out } = context;
  const facts = await jobSummary(bookRootOf(context), context);
  const page = env['GITHUB_STEP_SUMMARY'];
  if (page) appendTo(page, facts.markdown);
  const comment = context.options.comment ? await commentOnPull(facts.markdown, env) : undefined;
  if (context.json) return out.printJson({ ...facts, comment: comment ?? null });
  if (!page) out.print(facts.markdown.trimEnd());
  if (comment !== undefined) out.note(`comment at pull request ${comment.number} ${comment.state}`);
  else if (context.options.comment) out.note('no comment: this job belongs to no pull request');
  return undefined;
}

function appendTo(page: string, markdown: string): void {
  try {
    appendFileSync(page, `\n${markdown}`);
  } catch (error) {
    throw writeErrorOf(page, error);
  }
}
