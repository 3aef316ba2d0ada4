import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertChannel, BookConfig } from '../formats/config/config.ts';

/** What the workflows of a repository depend on. */
export interface WorkflowFacts {
  /** The branch whose pushes are recorded; the usual names without it. */
  branch?: string | undefined;
  /** When snapshots are taken, as daybook.yaml has it. */
  cron?: string | undefined;
  /** Secrets that rules for alerts name. */
  secrets: readonly string[];
  /** Whether a rule opens issues on GitHub. */
  opensIssues: boolean;
}

/** What the settings of a book ask of its workflows. */
export function workflowFacts({ alerts, schedule }: BookConfig, branch?: string | undefined): WorkflowFacts {
  const channels = alerts.rules.flatMap(({ notify }) => notify);
  // GitHub keeps no secrets of such names, and sets these itself.
  const names = channels.flatMap(secretOf).filter((name) => !/^GITHUB_/i.test(name));
  return {
    branch,
    cron: schedule?.kind === 'cron' ? schedule.cron : undefined,
    secrets: [...new Set(names)].sort(),
    opensIssues: channels.some(({ kind }) => kind === 'github'),
  };
}

/** The workflow for this repository: its branch, what its alerts need, and how its packages are installed where Daybook is one. */
export function workflowText(root: string, template: string, facts: WorkflowFacts): string {
  const { branch, opensIssues, secrets } = facts;
  const declared = secrets.map((name) => `      ${name}:\n        required: false\n`).join('');
  const given = secrets.map((name) => `          ${name}: \${{ secrets.${name} }}\n`).join('');
  return withAlerts(template, secrets, `    secrets:\n${declared}`, `        env:\n${given}`)
    .replace('branches: [main, master]', branch === undefined ? '$&' : `branches: ['${branch}']`)
    .replace('      contents: write\n', (right) => right + (opensIssues ? '      issues: write\n' : ''))
    .replace('      # install\n', () => installStep(root));
}

/** The schedule: when it runs, and the secrets that it hands on, since a called workflow gets none by itself. */
export function scheduleText(template: string, { cron, opensIssues, secrets }: WorkflowFacts): string {
  const passed = secrets.map((name) => `      ${name}: \${{ secrets.${name} }}\n`).join('');
  return withAlerts(template, secrets, `    secrets:\n${passed}`)
    .replace("cron: '17 * * * *'", () => `cron: '${cron ?? '17 * * * *'}'`)
    .replace('      contents: write\n', (right) => right + (opensIssues ? '      issues: write\n' : ''));
}

/** Puts blocks in the place of the comments that show their form, in this order; without secrets these stay. */
function withAlerts(template: string, secrets: readonly string[], ...blocks: string[]): string {
  if (secrets.length === 0) return template;
  let at = 0;
  return template.replace(/^ +# alerts: .*\n(?: +# .*\n)*/gm, () => blocks[at++] ?? '');
}

function secretOf(channel: AlertChannel): string[] {
  if (channel.kind === 'github') return [];
  const variable = channel.kind === 'email' ? channel.server : channel.address;
  return [variable.replace(/^\$\{?|\}$/g, '')];
}

function installStep(root: string): string {
  const manifest = join(root, 'package.json');
  if (!existsSync(manifest) || !/"daybook"\s*:/.test(readFileSync(manifest, 'utf8'))) return '';
  const [, install] = installs.find(([file]) => existsSync(join(root, file))) ?? [];
  if (install === undefined) return '';
  return `      - if: steps.pages.outputs.ready == 'true'\n        run: ${install}\n`;
}

const installs = [
  ['pnpm-lock.yaml', 'corepack enable && pnpm install --frozen-lockfile'],
  ['yarn.lock', 'corepack enable && yarn install'],
  ['package-lock.json', 'npm ci'],
] as const;
