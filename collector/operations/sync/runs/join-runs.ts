import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../base/errors.ts';
import { maskingOf } from '../../../store/book-masking.ts';
import { quickFactsOf } from '../../../store/file-facts.ts';
import { ledgerFiles } from '../../../store/ledger/ledger-files.ts';
import type { GitEntries } from '../book-files.ts';
import type { SyncPlace } from '../place.ts';
import { BlobStore } from './blob-store.ts';
import {
  type JoinContext,
  type JoinedFile,
  type JoinedRuns,
  type OwnFile,
  publishOwn,
  type RunsWish,
  readShown,
} from './join-context.ts';
import { joinLedgerFile } from './join-ledger-file.ts';
import { joinMetricsFile } from './join-metrics-file.ts';
import { joinWholeFile } from './join-whole-file.ts';
import { RunMemory } from './memory.ts';
import { besideOf, type RunFileKind, runKindOf } from './run-paths.ts';

/**
 * Brings the files of runs here and those of the other side together, in the work tree and for a commit. Nothing of either side is
 * lost or written over: ledgers and metrics are joined, a newer state of a file takes the place of an older one, and of two different
 * files with one name both are kept. What leaves is masked as everything is that Daybook publishes; what cannot be, stays here and is told.
 */
export async function joinRuns(
  place: SyncPlace,
  root: string,
  theirs: GitEntries,
  wish: RunsWish,
): Promise<JoinedRuns> {
  const context = await openContext(place, root, theirs, wish);
  const paths = [...new Set([...context.theirs.keys(), ...wish.here.keys()])].sort();
  const shown = await showAll(context, paths);
  for (const path of paths) await joinFile(context, path, shown.get(path));
  return finish(context);
}

/**
 * The files of runs here as others get to see them, stored as objects, and nothing else; what `isStored` knows already need not be
 * read again. `theirs` is what the branch is known to have.
 */
export async function showRuns(
  place: SyncPlace,
  root: string,
  theirs: GitEntries,
  wish: RunsWish,
  isStored: (path: string, oid: string) => boolean,
): Promise<JoinedRuns> {
  const context = await openContext(place, root, theirs, wish);
  context.joined.entries.clear();
  for (const [path, own] of await showAll(context, [...wish.here.keys()].sort())) {
    if (isKeptElsewhere(context, path, own.oid)) continue;
    if (isStored(path, own.oid)) context.put(path, own.oid);
    else await publishOwn(context, path, own);
  }
  return finish(context);
}

async function openContext(
  place: SyncPlace,
  root: string,
  theirs: GitEntries,
  wish: RunsWish,
): Promise<JoinContext> {
  const memory = new RunMemory(place);
  const agreed = new Map<string, string>();
  const joined: JoinedRuns = {
    entries: new Map(theirs),
    received: 0,
    notes: [],
    large: [],
    memory,
    agree() {
      for (const [path, oid] of agreed) memory.agree(path, oid);
      memory.save();
    },
  };
  const { prefix } = place;
  const theirIds = new Map([...theirs].map(([path, { oid }]) => [path.slice(prefix.length), oid]));
  const store = new BlobStore(place);
  const masking = await maskingOf(root);
  await store.open();
  return {
    place,
    root,
    wish,
    memory,
    masking,
    store,
    joined,
    theirs: theirIds,
    put(path, oid) {
      joined.entries.set(`${prefix}${path}`, { mode: '100644', oid });
    },
    agreeOn: (path, oid) => agreed.set(path, oid),
  };
}

async function finish({ store, memory, joined }: JoinContext): Promise<JoinedRuns> {
  await store.flush();
  memory.save();
  return joined;
}

/** Ids of all files here, from memory where nothing has changed since. */
async function showAll(context: JoinContext, paths: readonly string[]): Promise<Map<string, OwnFile>> {
  const { root, wish, memory, store, joined } = context;
  const shown = new Map<string, OwnFile>();
  for (const path of paths) {
    const kind = wish.here.get(path);
    if (kind === undefined || wish.tracked.has(path)) continue;
    const facts = factsOf(root, path, kind);
    if (facts === undefined) continue;
    if (kind === 'metrics' && facts.size > wish.metricsBytes) {
      joined.large.push(path);
      continue;
    }
    const known = memory.of(path);
    if (known !== undefined && known.facts !== '' && known.facts === facts.text) {
      shown.set(path, { oid: known.oid, shown: undefined });
      continue;
    }
    const own = readShown(context, path, kind);
    if (own === undefined) continue;
    const oid = store.idOf(own.bytes);
    const isStill = factsOf(root, path, kind)?.text === facts.text;
    memory.note(path, { facts: facts.isAtRest && isStill ? facts.text : '', oid });
    shown.set(path, { oid, shown: own });
  }
  return shown;
}

/** How the system describes a file, and for a ledger its journal as well. */
function factsOf(root: string, path: string, kind: RunFileKind) {
  const facts = quickFactsOf(join(root, path));
  if (facts === undefined || kind !== 'ledger') return facts;
  const journal = quickFactsOf(ledgerFiles(root, path).journal);
  return {
    ...facts,
    text: `${facts.text} ${journal?.text ?? '-'}`,
    isAtRest: facts.isAtRest && (journal?.isAtRest ?? true),
  };
}

async function joinFile(context: JoinContext, path: string, own: OwnFile | undefined): Promise<void> {
  const { joined, root, theirs, wish, memory } = context;
  const their = theirs.get(path);
  if (wish.tracked.has(path)) return;
  const kind = wish.here.get(path) ?? runKindOf(path);
  if (kind === undefined) return;
  if (wish.here.has(path)) {
    if (own === undefined) return;
    if (their !== undefined && own.oid === their) return context.agreeOn(path, their);
    if (isKeptElsewhere(context, path, own.oid)) return;
  } else if (their === undefined || (!wish.bringBack && memory.of(path)?.agreed !== undefined)) return;
  if (isBehindLink(root, path)) {
    joined.notes.push(`${path} was not brought here: a link stands in its way.`);
    return;
  }
  const file: JoinedFile = { path, file: join(root, path), their };
  try {
    if (kind === 'ledger') await joinLedgerFile(context, file, own);
    else if (kind === 'metrics') await joinMetricsFile(context, file, own);
    else await joinWholeFile(context, file, own);
  } catch (error) {
    joined.notes.push(`${path} stays as it is on each side: ${messageOf(error)}`);
  }
}

/** The copy of a file of theirs that was put beside ours needs no second place on the branch. */
function isKeptElsewhere({ theirs }: JoinContext, path: string, oid: string): boolean {
  const beside = besideOf(path);
  return beside !== undefined && oid.startsWith(beside.oid) && theirs.get(beside.path) === oid;
}

/** Nothing is written through a link, which may lead anywhere. */
function isBehindLink(root: string, path: string): boolean {
  for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
    const stat = lstatSync(join(root, path.slice(0, end)), { throwIfNoEntry: false });
    if (stat === undefined) return false;
    if (!stat.isDirectory()) return true;
  }
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile();
}
