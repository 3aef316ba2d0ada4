import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { DaybookError } from '../base/errors.ts';
import { tryGit } from '../base/git.ts';
import { writeErrorOf } from '../base/system-error.ts';
import { readOwnProgram } from './own-program.ts';
import { ignoredSnapshots } from './sync/branch/standing.ts';
import { readTemplate, type TemplateName } from './templates.ts';
import { scheduleText, type WorkflowFacts, workflowText } from './workflow-text.ts';

const workflowPath = '.github/workflows/daybook.yml';
const schedulePath = '.github/workflows/daybook-schedule.yml';
const actionFolder = '.github/actions/daybook';

/** What init did with one file. */
export interface InitStep {
  path: string;
  state: 'written' | 'overwritten' | 'extended' | 'kept' | 'missing';
  note: string;
}

/** What init needs from the world. */
export interface InitEffects {
  readTemplate(name: TemplateName): string;
  /** The whole program as one file; undefined where there is none to hand out. */
  readOwnProgram(): string | undefined;
}

/**
 * Sets up a book in a folder. Nothing that is there is overwritten without `force` (the workflows and the action: `update`), and nothing is ever
 * removed. Only with `github` does it get a workflow, and a schedule that somebody keeps.
 */
export function initBook(
  root: string,
  options: { force: boolean; github: boolean; update?: boolean; facts?: WorkflowFacts },
  effects: InitEffects = { readTemplate, readOwnProgram },
): InitStep[] {
  const whole = (path: string, text: string, note: string) =>
    placeFile(root, path, text, note, options.force ? undefined : '--force');
  // What is ours as a whole goes with the program; the settings are the user's.
  const ours = (path: string, text: string, note: string) =>
    placeFile(root, path, text, note, options.force || options.update ? undefined : '--update');
  const facts = options.facts ?? { secrets: [], opensIssues: false };
  const lines = (path: string, template: TemplateName, note: string, more = '') =>
    extendFile(root, path, effects.readTemplate(template) + more, note);
  const settings = effects.readTemplate('daybook.yaml');
  const onGitHub = (): InitStep[] => [
    ours(
      workflowPath,
      workflowText(root, effects.readTemplate('workflow.yml'), facts),
      'records on GitHub, and publishes where DAYBOOK_PAGES is "on"; delete it if you do not want that',
    ),
    ours(
      schedulePath,
      scheduleText(effects.readTemplate('schedule.yml'), facts),
      'takes the snapshots that are expected',
    ),
    ours(`${actionFolder}/action.yml`, effects.readTemplate('action.yml'), 'what both of them run'),
    program(),
  ];
  const program = (): InitStep => {
    const path = `${actionFolder}/index.cjs`;
    const text = effects.readOwnProgram();
    return text === undefined
      ? { path, state: 'missing', note: 'is the program of it: npm run bundle makes it, then init once more' }
      : ours(path, text, 'this Daybook in one file, so that nothing is installed there');
  };
  const book = () => {
    const step = whole(
      'daybook.yaml',
      options.github ? settings : withoutGitHub(settings),
      'settings; every one is optional',
    );
    if (step.state !== 'kept' || !options.github || /^schedule:/m.test(readText(root, step.path)))
      return step;
    return { ...step, note: 'stays as it is; take the # from its schedule, so that missed snapshots show' };
  };
  const settled = book();
  const isApart = /^sync:\s*\n(?:(?: .*| *#.*)?\n)*? {2}branch: *(?!current\b|none\b)\S/m.test(
    textOf(root, 'daybook.yaml'),
  );
  const rules = packagesRule(root) + (isApart ? ignoredSnapshots : '');
  return [
    settled,
    ...(options.github ? onGitHub() : []),
    lines('.gitattributes', 'gitattributes', 'logs of two branches are merged by keeping the lines of both'),
    lines('.gitignore', 'gitignore', 'cache and built site stay out of git', rules),
    makeFolder(root, 'snapshots'),
  ];
}

/**
 * What says that a folder belongs on GitHub, in words: its remote, or a .github folder that is there already; undefined
 * where nothing does.
 */
export async function signOfGitHub(root: string): Promise<string | undefined> {
  const { stdout } = await tryGit(root, ['remote', '-v']).catch(() => ({ stdout: '' }));
  const remote = /^(\S+)\t\S*github\.[^\s/:]+/im.exec(stdout);
  if (remote !== null) return `the remote ${remote[1]} lies there`;
  return existsSync(join(root, '.github')) ? 'there is a .github folder' : undefined;
}

/** The branch that pull requests go to: the one the remote names, else the one that is checked out. */
export async function defaultBranch(root: string): Promise<string | undefined> {
  for (const ref of ['refs/remotes/origin/HEAD', 'HEAD']) {
    const { ok, stdout } = await tryGit(root, ['symbolic-ref', '--quiet', '--short', ref]).catch(() => ({
      ok: false,
      stdout: '',
    }));
    const name = stdout.trim().replace(/^origin\//, '');
    if (ok && /^[\w./-]+$/.test(name)) return name;
  }
  return undefined;
}

/** Receipts hold untracked files, too: packages that npm installed beside the code would be in each of them. */
function packagesRule(root: string): string {
  const has = ['package.json', 'node_modules'].some((name) => existsSync(join(root, name)));
  return has ? '# What npm installs is no part of the code that receipts keep.\nnode_modules/\n' : '';
}

/** Nobody takes snapshots at fixed times, or pushes them, where no workflow does: what is expected stands there as an example. */
function withoutGitHub(settings: string): string {
  return settings.replace(/^(?:schedule|sync):\n(?: .*\n)+/gm, (block) => block.replace(/^(?=.)/gm, '# '));
}

function textOf(root: string, path: string): string {
  return existsSync(join(root, path)) ? readText(root, path) : '';
}

/** `needed` is the option without which a file that is there stays. */
function placeFile(
  root: string,
  path: string,
  text: string,
  note: string,
  needed: '--force' | '--update' | undefined,
): InitStep {
  const there = existsSync(join(root, path));
  if (there && readText(root, path) === text)
    return { path, state: 'kept', note: 'is already as it should be' };
  if (there && needed !== undefined)
    return { path, state: 'kept', note: `is there and stays as it is; ${needed} replaces it` };
  writeInside(root, path, text);
  return { path, state: there ? 'overwritten' : 'written', note };
}

/** Adds the lines a file lacks at its end; comments come along only with the lines below them. */
function extendFile(root: string, path: string, template: string, note: string): InitStep {
  const present = existsSync(join(root, path)) ? readText(root, path) : undefined;
  if (present === undefined) {
    writeInside(root, path, template);
    return { path, state: 'written', note };
  }
  const has = new Set(present.split(/\r?\n/).map(normalRule));
  const missing = template
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !has.has(normalRule(line)));
  if (missing.length === 0) return { path, state: 'kept', note: 'has all it needs' };
  const lineBreak = present.includes('\r\n') ? '\r\n' : '\n';
  const gap = present === '' || present.endsWith('\n') ? '' : lineBreak;
  writeInside(root, path, `${present}${gap}${missing.join(lineBreak)}${lineBreak}`);
  return { path, state: 'extended', note: `added ${missing.join(', ')}` };
}

/** "/dashboard" and "dashboard/" ignore the same folder at the top. */
function normalRule(line: string): string {
  return line.trim().replace(/\s+/g, ' ').replace(/^\//, '').replace(/\/$/, '');
}

function makeFolder(root: string, path: string): InitStep {
  const folder = join(root, path);
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there?.isDirectory()) return { path: `${path}/`, state: 'kept', note: 'is already there' };
  if (there !== undefined)
    throw new DaybookError('exists', `Expected a folder at ${path}, found a file.`, {
      where: path,
      hint: 'Move it away first.',
    });
  makeFolders(folder);
  return { path: `${path}/`, state: 'written', note: 'recordings go here' };
}

function writeInside(root: string, path: string, text: string): void {
  makeFolders(dirname(join(root, path)));
  writeFileAtomic(join(root, path), text);
}

function makeFolders(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeErrorOf(folder, error);
  }
}

function readText(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (cause) {
    throw new DaybookError('unreadable', `Expected a readable file at ${path}, but it could not be read.`, {
      where: path,
      hint: 'Check its permissions.',
      cause,
    });
  }
}
