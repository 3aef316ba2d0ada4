import { deltaStrategies } from '../../operations/versions/context.ts';
import { count, flag, oneOf, text, texts } from '../options.ts';
import type { Commands } from '../spec.ts';

/** Which store is meant, for every command of one. */
export const storeOption = { store: text('folder', 'another store than snapshots/store of the book') };

const ofNew = {
  name: text('version', 'name of the version; default: v<seconds>-<digits>'),
  tag: texts('text', 'a tag, any text'),
  description: text('text', 'what this state is'),
  info: texts('key=value', 'something of your own to remember beside it'),
  data: text('json', 'the data itself, instead of a file'),
  text: flag('take the file as text, also where it is JSON'),
  keep: count('n', 'keep at most so many versions; the oldest go, tagged or not'),
};

const source = { name: 'file', description: 'JSON or text; - for standard input' } as const;

const savedJson =
  '{version, created_at, form, base, chain_length, size_bytes, stored_bytes, checksum, tags, reason, removed}';
const unverified = { unverified: flag('take the data even where it does not match its checksum') };

/** The versioned store: states with names to come back to. */
export const storeCommands = {
  'store save': {
    summary: 'save a state as a new version, whole',
    description: [
      'Keeps any JSON or text under snapshots/store as a new version. A file that is valid JSON is kept as such, anything else as text; what looks like a secret is masked, as in every record.',
      'A version is never overwritten: a name that is taken is an error. Saving does not get slower with the number of versions.',
    ],
    arguments: [source],
    options: {
      ...ofNew,
      ...storeOption,
    },
    examples: [
      { line: 'daybook store save config.json --name v1.0.0 --tag release', does: 'save a file' },
      { line: 'kubectl get all -o json | daybook store save -', does: 'save what a command prints' },
      { line: `daybook store save --data '{"replicas": 3}'`, does: 'save a value' },
    ],
    json: savedJson,
  },
  'store delta': {
    summary: 'save a state as what changed since another',
    description: [
      'Like save, but stores a JSON Patch (of texts: the changed lines) to a base where that takes at most half the room. A chain has at most ten versions; then a whole one begins the next. Every command reads whole versions and deltas alike.',
    ],
    arguments: [source],
    options: {
      base: text('version', 'the version to lead on from; default: the newest'),
      strategy: oneOf(
        'word',
        deltaStrategies,
        'auto (default: a delta where it saves at least half), full (never) or patch (wherever possible)',
        { otherwise: 'auto' },
      ),
      ...ofNew,
      ...storeOption,
    },
    examples: [
      { line: 'daybook store delta config.json --tag nightly', does: 'save what changed since the newest' },
    ],
    json: savedJson,
  },
  'store get': {
    summary: 'print a version, or write it to a file',
    description: [
      'Prints the data of a version, a periodic snapshot (periodic_…), "latest", or with --tag of the newest version that has a tag. The checksum is verified.',
    ],
    arguments: [{ name: 'version', description: 'name of the version; not needed with --tag' }],
    options: {
      tag: text('text', 'the newest version with this tag'),
      all: flag('with --tag: every version that has it, newest first (needs --json)'),
      out: text('file', 'write the data to this file, which must not exist'),
      ...unverified,
      ...storeOption,
    },
    examples: [
      { line: 'daybook store get v1.0.0 > config.json', does: 'bring a state back' },
      { line: 'daybook store get --tag release', does: 'the newest release' },
    ],
    json: '{data, metadata}; with --tag --all an array of them',
  },
  'store latest': {
    summary: 'print the newest version',
    description: ['The version with the latest time of creation, as store get prints it.'],
    arguments: [],
    options: {
      out: text('file', 'write the data to this file, which must not exist'),
      ...unverified,
      ...storeOption,
    },
    examples: [{ line: 'daybook store latest', does: 'the newest state' }],
    json: '{data, metadata}',
  },
  'store list': {
    summary: 'list versions with time, size, tags and description',
    description: ['Newest first. What is damaged is named on standard error and the rest is listed.'],
    arguments: [],
    options: {
      tag: text('text', 'only versions with this tag'),
      ...storeOption,
    },
    examples: [{ line: 'daybook store list', does: 'all versions' }],
    json: 'array of metadata {version, created_at, tags, description, user_info, checksum, size_bytes, entry_count, stored_bytes, form, base, chain_length}',
  },
  'store versions': {
    summary: 'list the names of all versions',
    description: ['One name a line, newest first.'],
    arguments: [],
    options: {
      ...storeOption,
    },
    examples: [{ line: 'daybook store versions | head -1', does: 'the name of the newest' }],
    json: 'array of names',
  },
  'store tags': {
    summary: 'list tags with the number of versions',
    description: ['Tags of periodic snapshots count, too.'],
    arguments: [],
    options: {
      ...storeOption,
    },
    examples: [{ line: 'daybook store tags', does: 'all tags' }],
    json: 'array of {tag, count}',
  },
  'store tag': {
    summary: 'give a version or periodic snapshot tags',
    description: ['A tag is any text. What is tagged is never pruned.'],
    arguments: [
      { name: 'version', required: true, description: 'name of the version or periodic snapshot' },
      { name: 'tag', required: true, many: true, description: 'tags, any text' },
    ],
    options: {
      ...storeOption,
    },
    examples: [
      { line: 'daybook store tag v1.0.0 release "with space"', does: 'two tags' },
      { line: 'daybook store tag periodic_20260901_114749 release-1.0', does: 'keep a snapshot for ever' },
    ],
    json: '{version, tags}',
  },
  'store untag': {
    summary: 'take tags from a version or periodic snapshot',
    description: ['A tag it does not have is an error.'],
    arguments: [
      { name: 'version', required: true, description: 'name of the version or periodic snapshot' },
      { name: 'tag', required: true, many: true, description: 'tags to take away' },
    ],
    options: {
      ...storeOption,
    },
    examples: [{ line: 'daybook store untag v1.0.0 release', does: 'take a tag away' }],
    json: '{version, tags}',
  },
  'store delete': {
    summary: 'delete versions',
    description: [
      'Deltas that lead on from a deleted version are stored again first, so that nothing else is lost.',
    ],
    arguments: [{ name: 'version', required: true, many: true, description: 'names of versions' }],
    options: {
      ...storeOption,
    },
    examples: [{ line: 'daybook store delete v1795190944-690be14e', does: 'delete one' }],
    json: '{removed, rebased}',
  },
  'store compare': {
    summary: 'show what differs between two versions',
    description: [
      'Each may be a version, a periodic snapshot, "latest" or a tag (the newest version that has it).',
    ],
    arguments: [
      { name: 'a', required: true, description: 'the older' },
      { name: 'b', required: true, description: 'the newer' },
    ],
    options: {
      full: flag('print every difference, and every value whole'),
      ...storeOption,
    },
    examples: [
      { line: 'daybook store compare v1.0.0 latest', does: 'what changed since a release' },
      {
        line: 'daybook store compare periodic_20260901_114749 periodic_20260901_121749',
        does: 'two snapshots',
      },
    ],
    json: '{version1, version2, timestamp1, timestamp2, time_difference_seconds, is_different, differences, patch, metadata1, metadata2}',
    exitCodes: [{ code: '4', means: 'they differ' }],
  },
  'store export': {
    summary: 'write versions to a file to take elsewhere',
    description: [
      'One version to a .json file in the form of the original, or any number to a .tar.gz bundle with a manifest and checksums. Deltas are written whole. With --all and --tag versions that cannot be read are named, here and in the manifest, and the others are exported; the exit code is 4 then.',
    ],
    arguments: [
      { name: 'version', many: true, description: 'names of versions or periodic snapshots, "latest", tags' },
    ],
    options: {
      out: text('file', 'where to: .json, .tar.gz or .tgz'),
      all: flag('every version'),
      tag: text('text', 'every version with this tag'),
      force: flag('overwrite the file if there is one'),
      ...storeOption,
    },
    examples: [
      { line: 'daybook store export v1.0.0 --out v1.0.0.json', does: 'one version' },
      { line: 'daybook store export --all --out versions.tar.gz', does: 'all of them' },
    ],
    json: '{path, versions, unreadable: [{version, reason}]}',
  },
  'store import': {
    summary: 'take versions from an exported file',
    description: [
      "Reads a .json export, also the original's, or a bundle. Nothing is overwritten: what is here already with the same content is skipped, other content under the same name is left out unless --rename gives it another name. Says what became of each.",
    ],
    arguments: [{ name: 'file', required: true, description: 'the exported file' }],
    options: {
      name: text('version', 'name of the version; only where the file has one'),
      rename: flag('give versions another name where theirs is taken or unfit'),
      ...unverified,
      ...storeOption,
    },
    examples: [{ line: 'daybook store import versions.tar.gz', does: 'take all of a bundle' }],
    json: 'array of {source, version, state, reason}; state is "imported", "identical", "conflict" or "refused"',
    exitCodes: [{ code: '4', means: 'some were in conflict or refused; the others are here' }],
  },
  'store prune': {
    summary: 'delete old versions or snapshots by rules',
    description: [
      'The rules come from the options, else from retention: in daybook.yaml. The newest and whatever is tagged always stay.',
    ],
    arguments: [],
    options: {
      count: count('n', 'keep at most so many'),
      age: text('duration', 'keep nothing older, e.g. 90d'),
      thin: flag('keep all of the last day, one an hour for a week, one a day for a year'),
      periodic: flag("prune the book's periodic snapshots instead"),
      'dry-run': flag('only say what would go'),
      ...storeOption,
    },
    examples: [
      { line: 'daybook store prune --thin --dry-run', does: 'see what would go' },
      { line: 'daybook store prune --periodic --thin', does: 'thin out the snapshots' },
    ],
    json: '{dry_run, removed: [{id, created_at, bytes, reason}], kept: […], rebased}',
  },
  'store clear': {
    summary: 'delete every version',
    description: ['Asks for --yes, because nothing of it can be brought back but by git.'],
    arguments: [],
    options: {
      yes: flag('really do it'),
      ...storeOption,
    },
    examples: [{ line: 'daybook store clear --yes', does: 'begin again' }],
    json: '{removed}',
  },
} as const satisfies Commands;
