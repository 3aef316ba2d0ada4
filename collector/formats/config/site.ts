import { z } from 'zod';

/** What a build can leave out of what it writes for readers that are no browser; docs/elsewhere.md describes each. */
export const elsewhereParts = ['badges', 'feeds', 'markdown', 'image', 'sitemap'] as const;

/** One of them. */
export type ElsewherePart = (typeof elsewhereParts)[number];

/** A badge of the user's choice: the newest value of a field, a metric, or how the last action of a type went. */
export type BadgeConfig = {
  /** What its files are called; made of what it shows where it is left out. */
  name?: string | undefined;
  /** What stands on its left; what it shows where it is left out. */
  label?: string | undefined;
  /** A colour of its own, whatever the value. */
  color?: string | undefined;
} & ({ field: string } | { metric: string } | { action: string });

const shown = z.string().min(1).max(300);

const badge = z
  .strictObject({
    field: shown
      .optional()
      .describe('A field of the newest snapshot, as `daybook history` calls it: "rail_status.deployment".'),
    metric: shown.optional().describe('A metric: its value in the newest completed run that has it.'),
    action: shown.optional().describe('A type of actions: how the last one went, and when.'),
    label: z.string().min(1).max(80).optional().describe('What stands on the left; its name if left out.'),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, { error: 'small letters, digits and "-", such as "disk-usage"' })
      .optional()
      .describe('What its files are called: badges/<name>.svg and badges/<name>.json.'),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, { error: 'a colour such as "#1f7a5a"' })
      .optional()
      .describe('A colour of its own; that of the state it shows if left out.'),
  })
  .refine(({ field, metric, action }) => [field, metric, action].filter(Boolean).length === 1, {
    error: 'exactly one of field, metric and action',
  });

const address = z
  .string()
  .max(500)
  .refine((text) => /^https?:\/\/[^\s<>"'\\?#]+$/.test(text) && URL.canParse(text) && !/@/.test(text), {
    error: 'the http(s) address of the folder that the dashboard is published in',
  });

const repository = z
  .string()
  .regex(/^https?:\/\/[^\s<>"']+$/, { error: 'an http(s) address' })
  .describe('Address of the repository; commits and files on the pages link there.');

const pages = (what: string, many: number) =>
  z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(`How many of the newest ${what} get a page of their own; ${many} if left out.`);

/** `site:` as a user writes it. */
export const siteSchema = z.strictObject({
  title: z.string().min(1).optional().describe('Title of the pages; the title of the book if left out.'),
  repository: repository.optional(),
  address: address
    .optional()
    .describe(
      'Where the dashboard is published: feeds, badges to copy, canonical links, previews and sitemap.xml then have whole addresses.',
    ),
  badges: z
    .array(badge)
    .max(50)
    .optional()
    .describe('Badges beside those of health, last snapshot, last deployment and frequent actions.'),
  leaveOut: z
    .array(z.enum(elsewhereParts))
    .max(20)
    .optional()
    .describe(
      'What is not written for readers elsewhere: badges, feeds, markdown (with llms.txt), image, sitemap.',
    ),
  snapshotPages: pages('snapshots', 500),
  runPages: pages('runs', 1000),
  versionPages: pages('versions', 500),
  patches: z
    .boolean()
    .optional()
    .describe('Whether pages show what differs in the code of runs line by line; true if left out.'),
  fileProtocol: z
    .boolean()
    .optional()
    .describe(
      'Whether pages also work where they are opened from disk, for which every data file stands there twice; true if left out.',
    ),
});

/** The settings that may stand at a place below `site`. */
export function knownSiteKeys(path: readonly PropertyKey[]): string[] {
  return Object.keys(path[1] === 'badges' ? badge.shape : siteSchema.shape);
}

/** The part of the configuration that says how the site is made. */
export interface SiteConfig {
  title?: string;
  repository?: string;
  /** Ends with a slash. */
  address?: string;
  badges: BadgeConfig[];
  leaveOut: ElsewherePart[];
  snapshotPages: number;
  runPages: number;
  versionPages: number;
  /** Whether pages show lines of code. */
  patches: boolean;
  /** Whether there are script twins of data files, which pages need that are opened from disk. */
  fileProtocol: boolean;
}

/** What was written, with what was left out filled in. */
export function resolveSite(input: z.infer<typeof siteSchema> | undefined, defaults: SiteConfig): SiteConfig {
  const given = input ?? {};
  return {
    ...defaults,
    ...(given as Partial<SiteConfig>),
    ...(given.address === undefined ? {} : { address: `${given.address.replace(/\/+$/, '')}/` }),
  };
}
