import { DaybookError } from '../../base/errors.ts';
import { formatBytes } from '../../base/format/number.ts';
import { plural } from '../../base/format/words.ts';
import { visibleText } from '../../base/terminal.ts';
import { settleBook } from '../../operations/health/settle-book.ts';
import { publishToBranch, refuseForeignBranch } from '../../operations/publish/branch.ts';
import { countCodeRefs, pushCodeRefs } from '../../operations/publish/code-refs.ts';
import { type PublishPlace, publishPlace } from '../../operations/publish/place.ts';
import { loadSiteBuilder, type StagedSite } from '../../operations/site/site-builder.ts';
import { findRepository, type Repository } from '../../operations/sync/place.ts';
import { ask } from '../ask.ts';
import { bookRootOf, type CommandContext } from '../context.ts';
import { bringBook } from '../elsewhere.ts';

type PublishContext = CommandContext<'publish'>;

/** What is needed to publish, known before anything is built. */
interface Plan {
  root: string;
  place: PublishPlace;
  repository: Repository | undefined;
  /** How many refs keep the code of runs, and the remote that may get them. */
  refs: number;
  refsTo: string | undefined;
}

/** `daybook publish`: the dashboard to a folder or a branch, after saying what that lets out. */
export async function run(context: PublishContext): Promise<undefined> {
  const { out } = context;
  const plan = await planOf(context);
  const { stageSite } = await loadSiteBuilder();
  await bringBook(plan.root, out);
  await settleBook(plan.root, (text) => out.note(visibleText(text)));
  const { root, place } = plan;
  const site = await stageSite(
    { root, ...(place.kind === 'folder' ? { out: place.path } : {}) },
    { progress: (text) => out.progress(`${text} …`) },
  );
  out.progress();
  try {
    tell(context, plan, site);
    if (!(await isWanted(context))) {
      out.note('Nothing was published.');
      return undefined;
    }
    const isRefsWanted = await areRefsWanted(context, plan);
    await publish(context, plan, site, isRefsWanted);
  } finally {
    site.discard();
  }
  return undefined;
}

async function planOf(context: PublishContext): Promise<Plan> {
  const { options, cwd } = context;
  const root = bookRootOf(context);
  const place = await publishPlace(root, cwd, context.arguments[0], options.as);
  if (place.kind === 'folder' && options.push !== undefined)
    throw new DaybookError('usage', 'Expected --push with a branch, found it with a folder.', {
      hint: 'Name a branch, such as gh-pages; --refs pushes what keeps the code of runs.',
    });
  const refs = await countCodeRefs(root);
  const isOfGit = place.kind === 'branch' || refs > 0;
  const repository = isOfGit ? await findRepository(root, options.push) : undefined;
  if (options.refs && refs > 0 && repository?.remote === undefined)
    throw new DaybookError(
      'usage',
      'Expected a remote that gets the refs, found none that is clearly meant.',
      {
        hint: 'Name it with --push, or see git remote -v.',
      },
    );
  if (place.kind === 'branch') await refuseForeignBranch(repository!, place.branch, options.push);
  return { root, place, repository, refs, refsTo: repository?.remote };
}

/** What leaves the machine, before anything does. */
function tell({ out, options, json }: PublishContext, { place, refs, refsTo }: Plan, site: StagedSite): void {
  for (const { rule, where } of site.doubtful)
    out.note(visibleText(`this may be a secret: ${rule} at ${where.slice(0, 3).join(', ')}`));
  if (json) return;
  const { strong, faint } = out.palette;
  const to =
    place.kind === 'folder'
      ? place.path
      : `branch ${place.branch}${options.push === undefined ? ', on this machine alone' : `, pushed to ${options.push}`}`;
  const { files, bytes } = site.artifacts;
  out.print(`${strong('to publish')} to ${visibleText(to)}`);
  out.print(
    `${faint('site      ')}${plural(site.pages, 'page')} of ${plural(site.runs, 'run')}, ${plural(site.actions, 'action')} and ${plural(site.snapshots, 'snapshot')}, ${formatBytes(site.bytes)}`,
  );
  out.print(
    `${faint('artifacts ')}${files === 0 ? 'none' : `copies of ${plural(files, 'file')} of runs, ${formatBytes(bytes)} of that`}`,
  );
  if (refs === 0) return;
  out.print(
    `${faint('code      ')}not in the site: ${plural(refs, 'ref')} (refs/daybook/*) ${refs === 1 ? 'keeps' : 'keep'} the code of runs. daybook restore needs them, and git push does not take them by itself.`,
  );
  out.print(
    faint(
      `          ${refsTo === undefined ? 'There is no remote to push them to.' : options['no-refs'] ? 'They stay here (--no-refs).' : `They hold whole work trees, untracked files included.`}`,
    ),
  );
}

/** @throws DaybookError `usage` where nobody can be asked. */
async function isWanted(context: PublishContext): Promise<boolean> {
  if (context.options.yes) return true;
  const answer = await ask(context, 'Publish this?');
  const isTyped = (context.stdin() as { isTTY?: boolean }).isTTY === true && !context.json && !context.quiet;
  if (answer !== undefined || isTyped) return answer === true;
  throw new DaybookError('usage', 'Nobody can be asked whether to publish this.', {
    hint: 'Add --yes, and --refs or --no-refs.',
  });
}

async function areRefsWanted(
  { options, ...world }: PublishContext,
  { refs, refsTo }: Plan,
): Promise<boolean> {
  if (options['no-refs'] || refs === 0 || refsTo === undefined) return false;
  if (options.refs) return true;
  return (await ask({ ...world }, `Push the ${plural(refs, 'ref')} to ${refsTo} as well?`)) === true;
}

async function publish(
  context: PublishContext,
  { root, place, repository, refs, refsTo }: Plan,
  site: StagedSite,
  isRefsWanted: boolean,
): Promise<void> {
  const { out, options } = context;
  const { good, faint } = out.palette;
  const { folder, bytes, artifacts, pages, runs, actions, snapshots } = site;
  const message = `Publish the dashboard: ${plural(runs, 'run')}, ${plural(actions, 'action')}`;
  const branch =
    place.kind === 'branch' ? { folder, branch: place.branch, message, pushTo: options.push } : undefined;
  if (place.kind === 'folder') site.putInto(place.path);
  const made = branch && (await publishToBranch(repository!, branch));
  const to = place.kind === 'folder' ? place.path : place.branch;
  if (!context.json) {
    const where = made?.pushed === true ? `${options.push}/${to}` : to;
    out.print(
      `${good('published')} to ${visibleText(where)}${made === undefined ? '' : ` ${faint(made.commit.slice(0, 10))}`}${made?.isSame === true ? ', which had it already' : ''}`,
    );
  }
  const pushed = isRefsWanted ? await pushCodeRefs(root, refsTo!) : 0;
  if (context.json)
    return void out.printJson({
      kind: place.kind,
      place: to,
      ...{ pages, runs, actions, snapshots, bytes, artifacts },
      commit: made?.commit ?? null,
      pushed: made?.pushed ?? false,
      remote: options.push ?? null,
      refs: { found: refs, pushed },
    });
  if (pushed > 0) out.print(`${good('pushed')} ${plural(pushed, 'ref')} to ${refsTo}`);
  else if (refs > 0 && !options['no-refs'] && refsTo !== undefined)
    out.note(
      `The code of runs stays here; git push ${refsTo} 'refs/daybook/*:refs/daybook/*' takes it along.`,
    );
}
