import type { Mapping } from '../imports/mapping.ts';
import type { ScheduleConfig } from '../schedule/slots.ts';
import type { RetentionPolicy } from '../versions/retention.ts';
import type { AlertsConfig } from './alerts.ts';
import type { BudgetRule } from './budgets.ts';
import type { RunsConfig } from './run-places.ts';
import type { SiteConfig } from './site.ts';
import type { TrendsConfig } from './trends.ts';

/** What every probe of the user has: its section's name and how long it may take. */
interface ProbeBase {
  name: string;
  timeoutMs: number;
}

/** How the output of a command or the content of a file becomes a section. */
export type ProbeAs = 'json' | 'yaml' | 'text';

/** A section of the user's own in every snapshot. */
export type ProbeConfig =
  | (ProbeBase & { kind: 'command'; command: string | string[]; as: ProbeAs | undefined })
  | (ProbeBase & { kind: 'file'; file: string; as: ProbeAs | undefined })
  | (ProbeBase & { kind: 'glob'; glob: string[] });

/**
 * When an appended line is safe against a power cut: before the call returns (`sync`), within 50 ms (`batch`),
 * or when the operating system writes it (`os`, as the original does). All three survive a killed process.
 */
export type Durability = 'sync' | 'batch' | 'os';

/** Whether secrets are masked when an action or snapshot is written, and which names mark one beside the known ones. */
export type Redaction = 'off' | { keys: string[] };

/** What becomes of a record of code that is not committed. */
export type DirtyRule = 'allow' | 'warn' | 'refuse';

/**
 * Whether `daybook sync` takes files of runs along: metrics up to so many bytes a file, and the recorded code only where that is
 * asked for. `unset` where daybook.yaml says nothing of it, and sync tells what stays behind.
 */
export type RunsInSync = 'unset' | 'off' | { metricsBytes: number; code: boolean };

/** daybook.yaml, with every default filled in. */
export interface BookConfig {
  title: string | undefined;
  schedule: ScheduleConfig | undefined;
  probes: ProbeConfig[];
  durability: Durability;
  actionFiles: boolean;
  redaction: Redaction;
  /** Rules and files whose secrets a build may publish. */
  mayPublish: string[];
  /** Names of the environment variables that receipts record, and whether code that is not committed may be recorded. */
  receipts: { environment: string[]; dirty: DirtyRule };
  /** What `daybook exec` does for every command; `sampleMs` is how often it samples the machine. */
  exec: { sampleMs?: number };
  runs: RunsConfig;
  /** What `store prune` keeps where its options name no rule. */
  retention: RetentionPolicy;
  /** What `daybook archive` closes: months, or so many bytes of the log; and what stays in it. */
  archive: { by: 'month' | number; keepMs: number };
  /** Where `daybook sync` keeps the book: a branch of its own, or (undefined) the one that is checked out. */
  sync: { branch?: string; historyMs?: number; runs: RunsInSync };
  alerts: AlertsConfig;
  trends: TrendsConfig;
  /** What `daybook check --budget` holds against the book. */
  budgets: BudgetRule[];
  /** Mappings by name for `daybook import --map`. */
  imports: Record<string, Mapping>;
  site: SiteConfig;
  /** Books that are built together, with their folders as they were written, in the order of the file. */
  books: { name: string; folder: string }[];
}

/** What a book without daybook.yaml has. Fresh on every call, so that nobody changes another's. */
export function defaultConfig(): BookConfig {
  return {
    title: undefined,
    schedule: undefined,
    probes: [],
    durability: 'os',
    actionFiles: false,
    redaction: { keys: [] },
    mayPublish: [],
    receipts: { environment: [], dirty: 'allow' },
    exec: {},
    runs: { exclude: [], places: [], deleted: false },
    retention: {},
    archive: { by: 'month', keepMs: 7 * 86_400_000 },
    sync: { runs: 'unset' },
    alerts: { afterAction: false, rules: [] },
    trends: { by: [], better: {}, fields: [] },
    budgets: [],
    imports: {},
    site: {
      badges: [],
      leaveOut: [],
      snapshotPages: 500,
      runPages: 1000,
      versionPages: 500,
      patches: true,
      fileProtocol: true,
    },
    books: [],
  };
}

/** A probe that states no time limit has this one. */
export const defaultProbeTimeoutMs = 10_000;
