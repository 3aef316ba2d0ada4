import { z } from 'zod';
import type { Finding } from '../findings/finding.ts';

/** Where alerts go. Addresses of services are names of environment variables: they are secrets, and none stands in a book. */
export type AlertChannel =
  | { kind: 'webhook' | 'slack' | 'discord'; address: string }
  | { kind: 'email'; to: string[]; from: string; server: string }
  | { kind: 'github'; repository: string };

/** What is told to whom. */
export interface AlertRule {
  name: string | undefined;
  /** The condition as it is written; what it means is known where runs are. */
  when: string;
  notify: AlertChannel[];
}

/** The rules of a book, and whether every recorded action asks for them. */
export interface AlertsConfig {
  afterAction: boolean;
  rules: AlertRule[];
}

const variable = z.string().regex(/^\$(?:\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_][A-Za-z0-9_]*)$/, {
  error:
    'the name of an environment variable, such as "$SLACK_URL"; addresses are secrets, and stand in no book',
});

const mailAddress = z.string().regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$/, {
  error: 'a mail address such as ops@example.org',
});

const mail = z.strictObject({
  to: z
    .union([mailAddress, z.array(mailAddress).min(1).max(50)])
    .describe('Who gets the mail: an address, or a list of them.'),
  from: mailAddress.describe('The address it is from.'),
  server: variable.describe(
    'Environment variable with the server: smtps://name:password@host, or smtp://host.',
  ),
});

const channel = z
  .strictObject({
    webhook: variable.optional().describe('Environment variable with an address that takes JSON.'),
    slack: variable
      .optional()
      .describe('Environment variable with the address of an incoming webhook of Slack.'),
    discord: variable.optional().describe('Environment variable with the address of a webhook of Discord.'),
    email: mail.optional().describe('A mail by SMTP.'),
    github: z
      .string()
      .regex(/^(this|[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100})$/, { error: '"this" or owner/name' })
      .optional()
      .describe(
        'An issue, opened and closed with GITHUB_TOKEN: owner/name, or "this" for the repository of the job.',
      ),
  })
  .refine((value) => Object.keys(value).length === 1, {
    error: 'exactly one of webhook, slack, discord, email and github',
  });

const notify = z.array(channel).min(1).max(20);

const rule = z.strictObject({
  name: z.string().min(1).max(80).optional().describe('What the rule is called; its condition if left out.'),
  when: z
    .string()
    .min(1)
    .max(1000)
    .describe('The condition, such as "action.status = failed AND type = deploy".'),
  notify: notify.optional().describe('Who is told; those of the map around the rules if left out.'),
});

const rules = z.array(rule).max(100);

/** `alerts:` as a user writes it: a list of rules, or a map around it. */
export const alertsSchema = z.union(
  [
    rules,
    z.strictObject({
      after: z
        .enum(['action'])
        .optional()
        .describe('action: `daybook action` and `daybook exec` start `daybook alert` in the background.'),
      notify: notify.optional().describe('Who is told by rules that name nobody.'),
      rules: rules.describe('The rules.'),
    }),
  ],
  { error: 'a list of rules, or a map with rules' },
);

/** The settings that may stand at a place below `alerts`. */
export function knownAlertKeys(path: readonly PropertyKey[]): string[] {
  const last = path.findLast((part) => typeof part === 'string');
  if (last === 'email') return Object.keys(mail.shape);
  if (last === 'notify') return Object.keys(channel.shape);
  const isRule = last === 'rules' || typeof path[1] === 'number';
  return isRule ? Object.keys(rule.shape) : ['after', 'notify', 'rules'];
}

/** Whether a value at this place may be a secret, which no finding repeats. */
export function isSecretPlace(path: readonly PropertyKey[]): boolean {
  return path[0] === 'alerts' && /^(webhook|slack|discord|server)$/.test(String(path.at(-1)));
}

/** The rules that tell somebody; one that nobody hears is a finding. */
export function resolveAlerts(
  input: z.infer<typeof alertsSchema> | undefined,
  file: string,
  findings: Finding[],
): AlertsConfig {
  const {
    after,
    notify: others,
    rules: given,
  } = Array.isArray(input) ? { rules: input } : (input ?? { rules: [] });
  const resolved = given.map(({ name, when, notify: own }) => ({
    name,
    when,
    notify: (own ?? others ?? []).map(resolveChannel),
  }));
  // Where something of them could not be read, that is the reason, and told.
  const isTold = findings.some(({ path }) => path?.startsWith('alerts'));
  for (const { name, when } of isTold ? [] : resolved.filter((each) => each.notify.length === 0)) {
    findings.push({
      code: 'bad-config',
      severity: 'warning',
      file,
      path: 'alerts',
      expected: 'somebody to notify for every rule',
      found: `the rule "${name ?? when}" without notify`,
      hint: 'Name who is told: notify: [{ slack: $SLACK_URL }].',
    });
  }
  return { afterAction: after === 'action', rules: resolved.filter((each) => each.notify.length > 0) };
}

function resolveChannel(input: z.infer<typeof channel>): AlertChannel {
  const { webhook, slack, discord, email, github } = input;
  if (webhook !== undefined) return { kind: 'webhook', address: webhook };
  if (slack !== undefined) return { kind: 'slack', address: slack };
  if (discord !== undefined) return { kind: 'discord', address: discord };
  if (email !== undefined) return { kind: 'email', ...email, to: [email.to].flat() };
  return { kind: 'github', repository: github ?? 'this' };
}
