import type { JsonObject, JsonValue } from '../../base/json/json.ts';
import { toJson } from '../../base/json/strict.ts';
import { showText } from '../../base/show.ts';
import { checksumOf, contentOf, serializeContent } from '../../formats/versions/content.ts';
import { createDelta } from '../../formats/versions/delta.ts';
import { RefusedVersionError, VersionError } from '../../formats/versions/errors.ts';
import { checkTag, checkVersionName, newVersionName } from '../../formats/versions/name.ts';
import {
  baseOf,
  byNewest,
  entriesIn,
  longestChain,
  storeTime,
  type VersionForm,
  type VersionMetadata,
  withBase,
} from '../../formats/versions/version.ts';
import { type BookMasking, maskingOf } from '../../store/book-masking.ts';
import type { StoredContent } from '../../store/versions/backend.ts';
import { chainOf } from '../../store/versions/chain.ts';
import { getMetadata } from '../../store/versions/find-version.ts';
import { problemError, readVersionContent } from '../../store/versions/read-version.ts';
import type { DeltaStrategy, VersionContext } from './context.ts';
import { removeVersions } from './remove.ts';

/** What may be said of a version when it is saved. */
export interface SaveOptions {
  tags?: readonly string[];
  description?: string;
  userInfo?: JsonObject;
  /** Its name; made up if left out. */
  version?: string;
  /** When it was made; now if left out. */
  createdAt?: string;
}

/** What a delta may be told beside that. */
export interface DeltaOptions extends SaveOptions {
  /** The version it leads on from; the newest if left out. */
  base?: string;
  strategy?: DeltaStrategy;
}

/** A version as it was saved. */
export interface SavedVersion {
  version: string;
  created_at: string;
  form: VersionForm;
  /** The version a delta leads on from. */
  base: string | null;
  /** How many versions its chain has, itself included. */
  chain_length: number;
  size_bytes: number;
  stored_bytes: number;
  checksum: string;
  tags: string[];
  /** Why a delta was asked for and the whole was stored. */
  reason: string | null;
  /** Versions that had to go, because only so many are kept. */
  removed: string[];
}

/**
 * Saves data whole as a new version. Other versions are not looked at, so that the ten-thousandth costs what the tenth
 * did.
 * @throws VersionError for data that JSON cannot hold, RefusedVersionError for a name that is unfit or taken.
 */
export async function saveVersion(
  context: VersionContext,
  data: unknown,
  options: SaveOptions = {},
): Promise<SavedVersion> {
  const draft = draftOf(data, options, await maskingOf(context.root));
  return context.backend.exclusive(() =>
    store(context, draft, undefined, { form: 'full', bytes: draft.whole }, null),
  );
}

/** Saves data as what changed since a base; whole, with the reason, where no delta can be made or it would not save half. */
export async function saveDelta(
  context: VersionContext,
  data: unknown,
  options: DeltaOptions = {},
): Promise<SavedVersion> {
  const draft = draftOf(data, options, await maskingOf(context.root));
  return context.backend.exclusive(async () => {
    const found = await deltaFor(context, draft, options);
    if (!('reason' in found))
      return store(context, draft, found.chain, { form: 'delta', bytes: found.bytes }, null);
    return store(context, draft, undefined, { form: 'full', bytes: draft.whole }, found.reason);
  });
}

interface Draft {
  value: JsonValue;
  whole: Buffer;
  given: string | undefined;
  metadata: VersionMetadata;
}

function draftOf(data: unknown, options: SaveOptions, { texts, values }: BookMasking): Draft {
  if (options.version !== undefined) checkVersionName(options.version);
  const value = values(contentOf(data));
  const whole = serializeContent(value);
  const metadata: VersionMetadata = {
    version: options.version ?? '',
    created_at: options.createdAt ?? '',
    tags: texts([...new Set((options.tags ?? []).map(checkTag))]),
    description: texts(options.description ?? ''),
    user_info: values(toJson(options.userInfo ?? {}, 'user info') as JsonObject),
    checksum: checksumOf(value),
    size_bytes: whole.length,
    entry_count: entriesIn(value),
    stored_bytes: whole.length,
  };
  return { value, whole, given: options.version, metadata: withBase(metadata, undefined) };
}

async function store(
  context: VersionContext,
  draft: Draft,
  chain: readonly string[] | undefined,
  content: StoredContent,
  reason: string | null,
): Promise<SavedVersion> {
  const { backend, clock } = context;
  const nowUs = clock.nowUs();
  if (draft.given !== undefined) await refuseTaken(context, draft.given);
  for (;;) {
    const metadata: VersionMetadata = {
      ...withBase(draft.metadata, chain),
      version: draft.given ?? newVersionName(nowUs),
      created_at: draft.metadata.created_at === '' ? storeTime(nowUs) : draft.metadata.created_at,
      stored_bytes: content.bytes.length,
    };
    if (await backend.create(metadata, content)) {
      const removed = await enforceLimit(context, metadata.version);
      return saved(metadata, content.form, chain, reason, removed);
    }
    if (draft.given !== undefined) throw taken(draft.given, draft.given);
  }
}

function saved(
  metadata: VersionMetadata,
  form: VersionForm,
  chain: readonly string[] | undefined,
  reason: string | null,
  removed: string[],
): SavedVersion {
  return {
    version: metadata.version,
    created_at: metadata.created_at,
    form,
    base: chain?.at(-1) ?? null,
    chain_length: (chain?.length ?? 0) + 1,
    size_bytes: metadata.size_bytes,
    stored_bytes: metadata.stored_bytes ?? 0,
    checksum: metadata.checksum ?? '',
    tags: metadata.tags,
    reason,
    removed,
  };
}

async function refuseTaken(context: VersionContext, version: string): Promise<void> {
  const same = await context.backend.findName(version);
  if (same !== undefined) throw taken(version, same);
}

function taken(version: string, same: string): RefusedVersionError {
  const message =
    same === version
      ? `There is a version "${showText(version)}" already.`
      : `The name "${showText(version)}" differs from the version "${showText(same)}" only in case or accents, which some systems take for one.`;
  return new RefusedVersionError('exists', message, {
    hint: 'Choose another name; a version is never overwritten.',
  });
}

/** The original's limit: the oldest go, tagged or not. */
async function enforceLimit(context: VersionContext, saved: string): Promise<string[]> {
  if (context.maxSnapshots <= 0) return [];
  const all = (await context.backend.list(() => undefined)).sort(byNewest);
  const excess = all.slice(context.maxSnapshots).filter((each) => each.version !== saved);
  if (excess.length === 0) return [];
  const { removed } = await removeVersions(context, new Set(excess.map((each) => each.version)), 'keep');
  return removed;
}

/** The difference of larger values would cost more time than its room is worth. */
const largestDelta = 32 * 1024 * 1024;

type FoundDelta = { chain: string[]; bytes: Buffer } | { reason: string };

async function deltaFor(context: VersionContext, draft: Draft, options: DeltaOptions): Promise<FoundDelta> {
  const { backend } = context;
  const strategy = options.strategy ?? context.strategy;
  const base = options.base === undefined ? await backend.newest() : await getMetadata(backend, options.base);
  if (base === undefined) return { reason: 'it is the first version' };
  if (strategy === 'full') return { reason: 'the strategy is "full"' };
  if (draft.whole.length > largestDelta) return { reason: 'it is too large for a delta' };
  const chain = await chainOf(backend, base);
  if (chain === undefined) return unreadableBase(base, options, 'its chain does not lead to a full version');
  if (chain.length >= longestChain)
    return { reason: `the chain of "${base.version}" has ${longestChain} versions already` };
  const content = await readVersionContent(backend, base);
  if (!content.ok) {
    if (options.base !== undefined) throw problemError(base.version, content.problem);
    return { reason: `the newest version "${base.version}" cannot be read` };
  }
  const text = createDelta(content.data, draft.value);
  if (text === undefined) return { reason: 'no delta leads from one to the other' };
  const bytes = Buffer.from(text);
  if (strategy === 'auto' && bytes.length * 2 > draft.whole.length)
    return { reason: 'a delta would not save half' };
  return { chain, bytes };
}

function unreadableBase(base: VersionMetadata, options: DeltaOptions, why: string): FoundDelta {
  if (options.base === undefined) return { reason: `the newest version "${base.version}" cannot be read` };
  throw new VersionError('unreadable', `The version "${base.version}" cannot be a base: ${why}.`, {
    hint: `It leads on from "${baseOf(base)}"; run daybook doctor.`,
  });
}
