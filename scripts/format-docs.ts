/** Writes docs/formats.md from the schemas, so that what is checked and what is documented are one. `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingMeanings } from '../collector/formats/finding.ts';
import { jsonSchemas } from '../collector/formats/json-schema.ts';

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  /** The value of each member, where the names are free. */
  additionalProperties?: Schema | boolean;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  pattern?: string;
  default?: unknown;
}

/** The whole text of docs/formats.md. */
export function formatDocs(): string {
  const schemas = jsonSchemas() as Record<string, Schema>;
  return `${intro}\n${section('The action line', 'api/schema/action.json', schemas['action']!)}
${reading}
${section('Large details', 'api/schema/blob.json', schemas['blob']!)}
${section('The periodic snapshot', 'api/schema/periodic.json', schemas['periodic']!)}
${section('The receipt', 'api/schema/receipt.json', schemas['receipt']!)}
${receipts}
${section('daybook.yaml', 'api/schema/daybook-yaml.json', schemas['daybook-yaml']!)}
${section('Findings', 'api/schema/finding.json', schemas['finding']!)}
| code | means |
|---|---|
${Object.entries(findingMeanings)
  .map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
  .join('\n')}
`;
}

const intro = `# The files

Made by \`npm run docs\` from the schemas in collector/formats; the dashboard publishes them as JSON Schema under
\`api/schema/\`. Reading is lenient: unknown fields are kept and shown, files of the original system are read as they
are. Writing is strict: what Daybook writes fits these schemas.

| file | what it is |
|---|---|
| \`daybook.yaml\` | optional settings |
| \`snapshots/action_log.jsonl\` | the log: one action a line, only ever appended to |
| \`snapshots/action_log-*.jsonl\`, \`.jsonl.gz\`, \`.jsonl.zst\` | further files of the same log: archived segments, or shards of other writers |
| \`snapshots/periodic_YYYYMMDD_HHMMSS.json\` | one periodic snapshot; \`_2\`, \`_3\` … where several were taken in a second |
| \`snapshots/latest_periodic.json\` | a copy of the newest snapshot |
| \`snapshots/action_*.json\` | one action each, as the original writes them: read where the log does not have them, written with \`actionFiles: true\` |
| \`snapshots/blobs/<sha256>.json\` | details too large for a line |
| \`**/run.lock\` | receipts of runs, FlexLock's and Daybook's |
| \`.daybook/\`, \`dashboard/\` | cache and site; git ignores both |
`;

const receipts = `### How receipts are read and written

* Both generations of FlexLock are read as they are, and their values as PyYAML reads them: \`yes\` without quotes is
  true, \`1e5\` is a text, whole numbers beyond 2^53 stay exact. Tags are reported and not followed, aliases bounded.
  Where a part is broken the others are read, and the finding names the line.
* What Daybook writes FlexLock's tools read. A number that JSON cannot hold is written again as it stood.
* \`commit\` is a commit of the whole work tree on top of HEAD, untracked files included and ignored ones not, made with
  a private index and kept by \`refs/daybook/runs/<first 12 digits>\`; the same state gives the same commit. These refs
  are not pushed by themselves: \`git push <remote> 'refs/daybook/*:refs/daybook/*'\` takes them along.
* A stage that occurs more than once among the ancestors stands in \`prevs\` once, and elsewhere by path and digest.
* A run.lock that Daybook did not write is never overwritten; \`--merge\` adds to it.

### How data is digested

* \`data\` has FlexLock's values: XXH64 (seed 0) of a file's bytes; of a folder or glob XXH64 over the hex digests of its
  files, sorted and put one after the other. Names do not enter, and 64 bits are no proof against intent.
* \`inputs\` has the sha256 of a file's bytes. Of a folder or glob it is the sha256 over one entry for each file, sorted by
  the bytes of the paths: the sha256 of the file in hex digits, two spaces, the path, a NUL byte. Anyone can compute it:
  \`find . -xtype f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0r sha256sum -z | sha256sum\`.
* A link to a file counts as the file under the name of the link. Links to folders, broken links, sockets, pipes,
  devices, empty folders and the book's own .daybook/ are left out. A file that cannot be read or keeps changing is an
  error. Paths in a glob are relative to the folder before its first special character.
* .daybook/cache/hashes remembers digests by path, size, times in nanoseconds and inode of every single file, never of
  a folder; files that changed within two seconds before they were read are read again. It may be deleted at any time.

### How receipts are checked

* \`daybook verify\` compares the tree that the work tree would have now, the digests of the data, and the digest of each
  previous run.lock (what was embedded of it, where FlexLock recorded no digest).
* \`daybook diff\` and \`find\` follow FlexLock: \`save_dir\` and \`_snapshot_\` anywhere, and timestamp, system, job_id,
  work_dir, cwd, date, time and datetime at the top of the configuration do not count, nor does the own save_dir at the
  beginning of paths in values. A task of a sweep has the code of its parent.
* Not code: what recording writes (run.lock, experiment_tracker.json, metrics.jsonl, a ledger's files, snapshots), and in
  folders with a run.lock every new file and every file that git does not track.
`;

const reading = `### How lines are read

* A line ends with a newline. What follows the last newline is still being written, unless it is a whole record.
* The status shown is one of pending, running, completed, failed, aborted, unknown; the file keeps its own word. Where
  an action says "executing" while its details carry a final status (\`status\`, \`result\` or \`outcome\`), the final one
  is shown, and where it comes from.
* A line whose checksum is wrong is a finding, not a record. Lines of other writers have no checksum and are read.
* Lines with the same \`action.id\` are one action: the newest gives the status, all give its history.
* A line that stands in the log twice is one action. Different lines that share a \`snapshot_id\` are different actions:
  the key of such an action is its id, "~" and the CRC-32 of its line.
* Times without a zone are taken as UTC and marked so.

### How lines are appended

One line is one write of at most 64 KiB to a file opened for appending. The writer then reads its own bytes back; if a
neighbour died half way through a line and ours is glued to its fragment, the line is appended again behind a newline.
No lock is needed, and no acknowledged line is lost when writers are killed. Larger details go to a blob first.

### What is masked

Logs are committed and published. Before an action or a snapshot is written, what looks like a secret is replaced by a
note such as \`‹masked: github token›\`:

* values under names that end in password, passphrase, secret, token, api_key, access_key, private_key, credentials,
  authorization or cookie, in any case and with any separators;
* the same in command lines and output: \`--token value\`, \`API_KEY=value\`, \`Authorization: Bearer value\`,
  \`scheme://user:password@host\`;
* tokens of a well-known shape: GitHub, GitLab, Slack, npm, OpenAI, Anthropic, AWS, Google, Hugging Face, Stripe,
  Weights & Biases, JSON web tokens, private keys.

In daybook.yaml, \`redaction: {keys: [customer_number]}\` adds names and \`redaction: off\` switches masking off. It guards
against accidents; it is no proof that nothing secret is left. Type, id and run of an action are written as given.
`;

function section(title: string, published: string, schema: Schema): string {
  const rows = rowsOf(schema, '');
  return `## ${title}

${schema.description ?? ''}${schema.description?.endsWith('.') === true ? '' : '.'} JSON Schema: \`${published}\`.

| field | type | needed | what it is |
|---|---|---|---|
${rows.join('\n')}
`;
}

function rowsOf(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const needed = schema.required?.includes(name) === true ? 'yes' : '';
    const row = `| \`${path}\` | ${typeOf(field)} | ${needed} | ${cell(field.description ?? '')} |`;
    if (field.properties !== undefined) return [row, ...rowsOf(field, path)];
    if (field.items !== undefined) return [row, ...rowsOf(field.items, `${path}[]`)];
    const each = field.additionalProperties;
    return [row, ...(typeof each === 'object' ? rowsOf(each, `${path}.<name>`) : [])];
  });
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'values' : typeOf(schema.items)}`;
  return schema.type === undefined ? 'any JSON' : [schema.type].flat().join(' or ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', 'docs', 'formats.md');
  if (process.argv.includes('--check')) {
    if (readFileSync(path, 'utf8') !== formatDocs())
      throw new Error('docs/formats.md is out of date: run `npm run docs`.');
  } else writeFileSync(path, formatDocs());
}
