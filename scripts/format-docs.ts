/** Writes docs/formats.md from the schemas, so that what is checked and what is documented are one. `--check` only compares. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretShapes } from '../collector/base/secrets/shapes.ts';
import { findingMeanings } from '../collector/formats/findings/finding.ts';
import { jsonSchemas } from '../collector/formats/json-schema.ts';

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  /** The value of each member, where the names are free. */
  additionalProperties?: Schema | boolean;
  /** What the names of members are, where they are free. */
  propertyNames?: Schema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  pattern?: string;
  default?: unknown;
}

/** The whole text of docs/formats.md. */
export function formatDocs(): string {
  const schemas = jsonSchemas() as Record<string, Schema>;
  const of = (title: string, name: string) => section(title, `api/schema/${name}.json`, schemas[name]!);
  return `${[
    intro,
    of('The action line', 'action'),
    reading,
    of('Large details', 'blob'),
    of('The periodic snapshot', 'periodic'),
    of('The receipt', 'receipt'),
    receipts,
    of('The ledger', 'ledger'),
    ledgers,
    of('The journal of a ledger', 'ledger-journal'),
    of('The experiment', 'experiment'),
    of('What lies beside an experiment', 'experiment-daybook'),
    of('The line of metrics', 'metrics'),
    experiments,
    of('The metadata of a version', 'version'),
    of('The registry of versions', 'version-registry'),
    of('The delta between versions', 'version-delta'),
    of('The tags of a periodic snapshot', 'version-pin'),
    of('The export of a version', 'version-export'),
    of('The manifest of a bundle', 'bundle-manifest'),
    versions,
    of('daybook.yaml', 'daybook-yaml'),
    written,
    of('Findings', 'finding'),
    findings(),
  ].join('\n')}`;
}

function findings(): string {
  const rows = Object.entries(findingMeanings).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `| code | means |\n|---|---|\n${rows.join('\n')}\n`;
}

const intro = `# The files

Made by \`npm run docs\` from the schemas in collector/formats; the dashboard publishes them as JSON Schema under
\`api/schema/\`. Reading is lenient: unknown fields are kept and shown, files of the original system are read as they
are. Writing is strict: what Daybook writes fits these schemas. Numbers keep the characters they were written in, also
where a double would lose some (\`9007199254740993\`, \`1e400\`, \`1.0\`, \`-0.0\`).

| file | what it is |
|---|---|
| \`daybook.yaml\` | optional settings |
| \`snapshots/action_log.jsonl\` | the log: one action a line, only ever appended to |
| \`snapshots/action_log-*.jsonl\`, \`.jsonl.gz\`, \`.jsonl.zst\` | further files of the same log: archived segments, or shards of other writers |
| \`snapshots/periodic_YYYYMMDD_HHMMSS.json\` | one periodic snapshot; \`_2\`, \`_3\` … where several were taken in a second |
| \`snapshots/periodic-YYYY-MM-<digits>.jsonl.zst\` | archived segments of periodic snapshots |
| \`snapshots/rollup-YYYY-MM-<digits>.jsonl.zst\` | what is left of periodic snapshots that retention rules thinned out |
| \`snapshots/latest_periodic.json\` | a copy of the newest snapshot |
| \`snapshots/action_*.json\` | one action each, as the original writes them: read where the log does not have them, written with \`actionFiles: true\` |
| \`snapshots/blobs/<sha256>.json\` | details too large for a line |
| \`**/run.lock\` | receipts of runs, FlexLock's and Daybook's |
| \`**/metadata.json\` | ledgers: the registers of runs, pycaddy's and Daybook's |
| \`**/metadata.journal.jsonl\` | what was done since the ledger beside it was last written whole; usually not there |
| \`**/metadata.lock\` | what pycaddy locks while it writes the ledger beside it, and we with it; holds nothing |
| \`**/experiment_tracker.json\` | experiments, CrackSeg's and Daybook's |
| \`**/experiment_daybook.json\` | what the original has no place for: artifacts, configuration, history of the status |
| \`**/metrics.jsonl\`, \`**/metrics/metrics.jsonl\` | the history of metrics, anyone's |
| \`**/system.metrics.jsonl\` | the same of the machine, sampled by \`daybook exec --sample\` ([runs.md](runs.md), "What the machine did") |
| \`**/output.log.gz\` | what the command of a run wrote, kept by \`daybook exec --log\` ([runs.md](runs.md), "The log"): gzip, members of at most 64 KiB of text; the first is empty, has the comment \`daybook exec --log\` and the time of the beginning in its head |
| \`snapshots/logs/<action>.log.gz\` | the same of a command that is no run |
| \`snapshots/store/\` | versions with names ([versions.md](versions.md)); Framework0's stores, too |
| \`snapshots/store/metadata/<version>.json\` | what is known of a version; the version is there as long as this file is |
| \`snapshots/store/data/<version>.data\`, \`.patch.json\` | its content whole, or what changed since its base |
| \`snapshots/store/registry.json\` | the list that the original reads, brought up to date now and then |
| \`snapshots/store/registry.journal.jsonl\` | which versions changed since; may be lost |
| \`snapshots/store/periodic/<id>.json\` | tags of a periodic snapshot |
| \`snapshots/store/pruned.jsonl\` | which periodic snapshots were pruned, so that their slots do not count as missed |
| \`.daybook/\`, \`dashboard/\` | cache, locks, quarantine (what \`daybook doctor --repair\` moved away) and site; git ignores both |
| \`.daybook/ledger.db\` | lock and index of all ledgers; holds nothing that they do not |
| \`.daybook/cache/\` | digests of files, what the log came to when it was last counted, and the like |
| \`daybook-spool-<uid>/\` in the system's temporary folder, or \`$DAYBOOK_SPOOL\` | records that could not be written to their book, until the next recording takes them in; private, at most 16 MiB for each book |
`;

const ledgers = `### How ledgers are read and written

* The text is pycaddy's, byte for byte, and pycaddy loads it. Records of others stay as they were written, unknown fields
  included. A file called metadata.json that is no ledger is left alone, and writing to it refused.
* The original refuses a ledger that holds another word than those four; so do our writers.
* While many operations follow each other, each is one line of \`metadata.journal.jsonl\`, flushed before it counts, and
  the ledger is written whole now and then and at the end. Who reads takes both. What a killed writer left in the journal
  is carried out by the next one; carrying it out twice changes nothing.
* Where \`metadata.lock\` lies beside a ledger, or \`--shared\` is given, every operation holds that lock (flock) as
  pycaddy does and leaves the ledger whole. Our writers take turns at .daybook/ledger.db besides. Both locks end with the
  process that holds them and never by time.
* A ledger that ends in the middle is a finding (\`torn-ledger\`). Readers show what is whole in it and what the journal
  and the last commit have. The next command that writes it puts that together and keeps the torn text in a file beside
  it.
`;

const experiments = `### How experiments and metrics are read and written

[runs.md](runs.md) tells how experiments are written and which names and numbers of a metrics.jsonl count. A line of
metrics is appended like one of the log ("How lines are appended").
`;

const versions = `### How versions are read and written

[versions.md](versions.md) tells how they are kept, locked, pruned and taken elsewhere. \`data/<version>.data\` is the
content as JSON, any value.
`;

const receipts = `### How receipts are read and written

* Both generations of FlexLock are read as they are, and their values as PyYAML reads them: \`yes\` without quotes is
  true, \`1e5\` is a text, whole numbers beyond 2^53 stay exact. Tags are reported and not followed, aliases bounded.
  Where a part is broken the others are read, and the finding names the line.
* What Daybook writes FlexLock's tools read. A number that JSON cannot hold is written again as it stood.
* \`commit\` is a commit of the whole work tree on top of HEAD, untracked files included and ignored ones not, made with
  a private index and kept by \`refs/daybook/runs/<first 12 digits>\`; the same state gives the same commit. These refs
  are not pushed by themselves: \`git push <remote> 'refs/daybook/*:refs/daybook/*'\` takes them along.
* Repositories inside of it, submodules or not, stand in the tree with a commit of everything that is in them: the one
  that is checked out where nothing is changed, else a shadow commit of their own, kept by a ref in their repository. So
  a change inside of a submodule is another \`tree\`. \`submodules\` says more of each, and why one is missing; of a missing
  one nothing is claimed. Files that git ignores in them are left out, as elsewhere.
* A stage that occurs more than once among the ancestors stands in \`prevs\` once, and elsewhere by path and digest.
* \`config\` is the configuration as the program sees it: \`\${a.b}\`, \`\${.a}\`, \`\${a[0]}\`, \`\${oc.env:NAME,default}\` and the
  other resolvers that come with OmegaConf are resolved as OmegaConf does. \`config_texts\` keeps how such values were
  written. Of the environment only variables that are named are taken (\`--env\`, \`receipts.environment\`), secrets masked; what
  cannot be resolved stays as it is written. Text that stays is escaped (\`\\\${a}\`), so that OmegaConf reads the text and
  looks nothing up.
* A receipt stays as it was issued. Where one stands at the place already, no matter who wrote it, the new one goes to a place
  of its own: \`results/a_2/run.lock\`, \`a_3\` …; a file with a name of its own becomes \`a_2.lock\`. \`--merge\` adds to the
  one that is there. \`--replace\` puts the new one in its place and keeps the old one below it, in
  \`results/a/replaced/run.lock\` (\`replaced_2\` …), where it is a run of its own and stages that name it still find it.

### How data is digested

* \`data\` has FlexLock's values: XXH64 (seed 0) of a file's bytes; of a folder or glob XXH64 over the hex digests of its
  files, sorted and put one after the other. Names do not enter, and 64 bits are no proof against intent.
* \`inputs\` has the sha256 of a file's bytes. Of a folder or glob it is the sha256 over one entry for each file, sorted by
  the bytes of the paths: the sha256 of the file in hex digits, two spaces, the path, a NUL byte. Anyone can compute it:
  \`find . -xtype f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0r sha256sum -z | sha256sum\`.
* A link to a file counts as the file under the name of the link. Links to folders, broken links, sockets, pipes,
  devices, empty folders and the book's own .daybook/ are left out. A file that cannot be read or keeps changing is an
  error. Paths in a glob are relative to the folder before its first special character.
* A file that is a Git LFS pointer is digested as it stands there; \`lfs_pointers\` names it and the digest of what it stands for,
  a warning says so, and verify takes the content for what the pointer named, in both directions. A pointer in place of
  content that was recorded is not provable until \`git lfs pull\` has run.
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

const written = `## How files are written

Every file that Daybook writes is UTF-8. What it reads may be anything that can be told: UTF-8 with a mark, UTF-16 and
UTF-32 are read as what they are; bytes that are no UTF-8 in any place are read as Windows-1252 (Latin-1), which is a
guess; the rest shows U+FFFD. Each file so written is one finding that names the encoding, the first line that has it,
and the command that converts it. A Git LFS pointer in place of a file is known as such wherever a file is read: nothing
in it is taken for content, the finding says \`git lfs pull\`, and lines that were appended to one are read.

NaN and the infinities, bare as Python, C, R and numpy print them (\`NaN\`, \`-nan\`, \`inf\`, \`1.#INF\`), are read in every
JSON file and become the texts \`"NaN"\`, \`"Infinity"\` and \`"-Infinity"\`.
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
* Several records on one line are all read, and so is a whole record beside a piece of another; a finding says so. What
  stands within a piece is never taken for a record of the log.
* A line may be written in UTF-16, as Windows PowerShell appends it, also among lines in UTF-8; this holds for every
  file that is read by lines. "How files are written" has all others.

### How lines are archived

\`daybook archive\` moves lines of months that are over (or so many bytes of the log) into segments:
\`action_log-2026-10-3f9a2c41.jsonl.zst\`, by the month and the first digits of the SHA-256 of the lines when it was written. A
segment is a file of zstd frames with checksums, about a mebibyte of whole lines in each, in order of time and byte for byte
as they stood in the log; behind them a frame that every reader skips, with a JSON object (\`format\`
\`"daybook-log-segment"\`, \`version\`, \`lines\`, \`bytes\`, \`sha256\`, \`redacted\`, and of each frame lines, first and last time in
microseconds), and the table of the zstd seekable format. So \`zstd -dc\` gives the lines, and one line costs one frame.
A damaged frame is a finding that names the lines that are missing; all others are read.

A segment is flushed, read back and compared with the log before it gets its name; only then are its lines cut from the log, as
every other replacement of a log is made, while others append. There is no state but the files: a line that stands in a
segment, byte for byte, is taken out of the log by the next \`archive\`, \`doctor --repair\`, build or sync, whether a process was
stopped in between or a merge brought it back, and until then it is counted once. Lines that are damaged, have no time or need
any remark stay in the log, and so does the line that lends its time to one without. Two clones that archived the same lines
wrote the same file; those that archived others of a month have files of different names, so git and \`daybook sync\` keep both,
and what stands in both is counted once. A line of that month that comes later makes one more segment the next time.

### How a book lies on a branch of its own

With \`sync: {branch: daybook}\` in daybook.yaml, which \`daybook init --github\` writes, \`daybook sync\` commits snapshots/,
daybook.yaml and .gitattributes to that branch and to no other. It shares no history with yours; your branch, index and work tree
stay as they are, on whatever commit, detached or not. snapshots/ is ignored by your branches (a line in .gitignore by \`init\`, else in
.git/info/exclude by the first sync). Ignore rules and filters of git do not hold for the book there: it is stored as it is.

* A fresh clone does not have the book yet. \`daybook sync --restore\` brings it beside what was recorded there, in a shallow clone by
  one commit; \`build\`, \`serve\` and \`publish\` bring it where the branch is in the repository already, the reading commands say
  where it lies. In CI it comes before \`daybook periodic\`, so that a snapshot has a predecessor.
* Files that are missing in the work tree come back with the next sync, whoever took them away (\`git clean -x\`, an old commit that
  was checked out). What leaves the branch is what \`store prune\` recorded as pruned. Git overwrites ignored files when it checks out a
  commit that has them: sync before going back to one with a committed snapshots/.
* The last line of each commit, \`Daybook-Book: 4f2a9c1e #57 since 2026-11-27T11:02:00Z\`, says which branch it belongs to, as which commit,
  and since when its history reaches back, so that a clone with one commit alone can merge.
* With \`history: 90d\` there, commits that are older become one: the sync that finds a tenth more than that (a day at least) writes
  the younger ones anew on top of it and replaces the branch, only where nobody pushed since it read it. Who pushes on the old
  history is refused by git, fetches and merges; no line is lost or doubled. The files stay what they are.
* \`daybook sync --move\` moves a book there that is committed on the branch that is checked out: it publishes all of it first, then
  takes snapshots/ out of git's index and lets it be ignored, for you to commit. Other clones sync before they pull that, and
  restore after it.
* Where many machines record at once, \`daybook sync --per-writer\` pushes what is new to \`refs/daybook/w/<writer>\`, which nobody else
  writes: no fetch, no merge, no lost race. \`daybook collect\`, one job of them all, merges all of these into the book, publishes it,
  and takes away those of which everything is found in what was published, each only as it was read. Until then each push holds all
  that the one before it held. Which clone is which writer, and how far it has pushed, stands in git's folder
  (\`daybook-writer-*.json\`); without it all is pushed again under another name, and known.
* A push that the remote's rules stop (signatures, pull requests, checks, who may write or make a branch, a token or key that may only
  read) is answered by a sentence of its own and what to do. One that secret scanning stops names what was found and where; where
  our own rules find it in records that were not published yet, it is taken out as \`daybook redact\` does, and the push is tried once
  more. With \`redaction: off\` nothing is touched.
* \`daybook sync --stats\` counts commits and bytes of the book in git, by week, and what one commit in place of all would save.
* git logs in as it always does. Where the repository has no login of its own (an address with a password, a header, a credential
  helper) and \`GITHUB_TOKEN\` or \`GH_TOKEN\` is set, its token goes to the host it is for (\`GITHUB_SERVER_URL\`, \`GH_HOST\`, else
  github.com) as a header; it stands in no argument, setting or file.
* With \`branch: current\` (or none named) the book is committed on the branch that is checked out.

### How snapshots are archived

\`daybook archive\` moves the files of periodic snapshots of months that are over into a segment for each month:
\`periodic-2026-10-3f9a2c41.jsonl.zst\`, made as segments of the log are (\`format\` \`"daybook-snapshot-segment"\`, and \`names\` with
name and size of each). A line of it is \`{"name": "periodic_20261005_120000.json", "text": "…"}\` with the text of the file, byte for byte;
\`zstd -dc … | jq -r .text\` gives all of them. Their ids, times and contents are the same for every command and page; only the file
that has them is another. Files that are damaged, or no UTF-8, stay, and so does the newest snapshot. Names of archived snapshots are
taken: none is given twice.

A segment is flushed, read back and compared with the files before it gets its name; only then do the files go, each only if it still is what
was compared. A snapshot that stands in both is one; its file goes with the next \`archive\`, \`doctor\`, build or sync if it is the
same byte for byte, and where one of both is the other before something was redacted, what was redacted stays out. Where both differ otherwise the file counts,
stays, and doctor says so. \`daybook sync\` takes files that one clone archived out of the commit and out of the other clones. Snapshots that are pruned, or
redacted, are taken out of their segment, which keeps its name.

Where daybook.yaml has \`retention:\` rules, \`daybook archive\` first thins snapshots out: those that the rules do not keep go, tagged ones
stay, and \`rollup-2026-10-<digits>.jsonl.zst\` keeps a line for each hour, for each day that was over a week ago, for each month that was over
a year ago: \`rollup\` (\`hour\`, \`day\`, \`month\`), \`from\`, \`until\`, \`snapshots\` (id and time of each), and \`fields\` by path, with \`count\`, \`first\`,
\`last\`, of numbers \`numbers\` (how many), \`min\`, \`max\`, \`mean\`, of others \`seen\` (the first twelve texts; \`more\` where there were others);
\`left_out\` counts fields beyond 5,000, and \`redacted\` says what was taken out by hand, when and by whom (what stood there is masked). Hours become days and days months with later calls; the file of a month is written, flushed and read back
before older ones and snapshots go. A snapshot is told of once: of two roll-ups that stand for one, as after two clones thinned what each had, the one of more
snapshots counts. That they were taken stays in pruned.jsonl. History goes through roll-ups and marks where they had several values;
\`daybook store prune\` removes without roll-ups.

The viewer of the original reads files, not segments. Files with one action each (\`snapshots/action_*.json\`) are not archived.

### How lines are appended

One line is one write of at most 64 KiB to a file opened for appending. The writer then reads its own bytes back; if a
neighbour died half way through a line and ours is glued to its fragment, the line is appended again behind a newline.
No lock is needed, and no acknowledged line is lost when writers are killed. Larger details go to a blob first.

A log is replaced as a whole only by \`daybook doctor --repair\` and the like, while others may be appending to it. The old
file keeps a second name, \`.daybook-tmp-old-<offset>-<time>-<n>-<name>\`, until nobody has it open for writing; what was
appended to it behind that offset is appended to the new file. A writer that finds a line break of others before its line
looks whether its file still is the log, and appends again where it is not. Who appends through a file that stays open for
hours and is no Daybook is taken in by the next \`doctor\`, \`build\` or \`sync\`.

A writer that is killed half way leaves a piece of a line. It is no error where nothing that was acknowledged is missing
(\`torn-line\`): its record stands whole elsewhere, or the line glued to it was noticed and stands again below, or the write was
cut at the end of a block. \`daybook doctor --repair\` moves such pieces to \`.daybook/quarantine/<time>/\`: the bytes in
\`<log>.lines\`, and in \`<log>.lines.index.jsonl\` where each stood.

### What is masked

Logs are committed and published. Before an action or a snapshot is written, what looks like a secret is replaced by a
note such as \`‹masked: github token›\`:

* values under names such as password, passphrase, secret, token, credentials, authorization, cookie, jwt, dsn, connection
  string or webhook, and under keys that open something (api, access, private, ssh, encryption, signing, account …), in
  any case and with any separators; \`max_tokens\`, \`primary_key\` and \`password_length\` are none;
* texts under pass, auth and session, unless they are ordinary words: \`pass: 12, fail: 0\` and \`auth: basic\` stay;
* the same in command lines, configuration and output: \`--token value\`, \`API_KEY=value\`, \`password: value\`, JSON in texts
  (also escaped), YAML, headers, XML. A value ends where its quotes end, else with its word in a command or address, else
  with its line;
* passwords and tokens in addresses (\`scheme://user:password@host\`, \`https://TOKEN@host\`) and behind short options
  (\`curl -u user:password\`, \`mysql -ppassword\`, \`docker login -p password\`);
* tokens of a well-known shape, by the names that stand in their place: ${secretShapes
  .map(({ rule }) => rule.replaceAll('-', ' '))
  .join(', ')
  .replace(/(.{1,110})(?: |$)/g, '$1\n  ')
  .trim()}.

What stands for a secret and is none stays: \`$NAME\`, \`\${NAME}\`, \`\${{ secrets.NAME }}\`, \`{{ name }}\`, \`%NAME%\`, \`<name>\`,
\`***\`; only where it is that from its first to its last character.

In daybook.yaml, \`redaction: {keys: [customer_number]}\` adds names and \`redaction: off\` (or \`mask: off\` in the map) switches
masking off. It guards
against accidents; it is no proof that nothing secret is left. Type, id and run of an action are written as given.

### What a build refuses to publish

Books also hold what other programs wrote, which nobody masked. Before \`daybook build\` puts a site in place, it looks through
everything in it (pages, data files and Parquet, api, copies of artifacts) for tokens of the shapes above. For one that is
surely a secret it stops with exit code 1, names the rule, the file and line in the book, and the file of the site; the
earlier site stays. What may be public all the same is allowed in daybook.yaml, by rule or by file:

    redaction:
      allow: [aws-key-id, runs/old/**]

JSON web tokens and signed addresses may be public or expired, and a value under a name such as "password" may be anything:
the former are told and published, the latter are masked when they are recorded and do not stop a build.

### What is taken out afterwards

\`daybook redact <id> [path]\` takes something out of a record in all files of the book. A line of the log is made again with
\`‹masked: by hand›\` in its place, a new checksum, and a tombstone before its action:
\`"redacted": [{"at": "2026-11-26T20:26:35.500789Z", "by": "Jo", "path": "details.note"}]\`, never with what was taken out or
a digest of it. A line that becomes a tombstone's line when the same is taken out of it is the line that was redacted: sync
does not take it in again, and where a merge brought it back, a clone still has it, or has archived it, the next check, build or sync drops it.
`;

function section(title: string, published: string, schema: Schema): string {
  // A file that may have several forms has a table for each.
  const forms = schema.anyOf ?? [schema];
  const tables = forms.map((form) => {
    const rows = rowsOf(form, '');
    const below = rows.length > 0 ? rows : rowsBelow(form, '');
    const name = forms.length > 1 ? `${sentence(form.description ?? '')}\n\n` : '';
    return `${name}| field | type | needed | what it is |\n|---|---|---|---|\n${below.join('\n')}\n`;
  });
  return `## ${title}

${sentence(schema.description ?? '')} JSON Schema: \`${published}\`.

${tables.join('\n')}`;
}

function sentence(text: string): string {
  return /[.:]$/.test(text) ? text : `${text}.`;
}

function rowsOf(schema: Schema, prefix: string): string[] {
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [rowOf(field, path, schema.required?.includes(name) === true), ...rowsBelow(field, path)];
  });
  const each = schema.additionalProperties;
  if (typeof each !== 'object') return rows;
  const path = `${prefix === '' ? '' : `${prefix}.`}<${schema.propertyNames?.description ?? 'name'}>`;
  // Free names beside known ones; names alone are told by the rows below them.
  const isBeside = rows.length > 0 && each.description !== undefined;
  return [...rows, ...(isBeside ? [rowOf(each, path, false)] : []), ...rowsOf(each, path)];
}

function rowsBelow(field: Schema, path: string): string[] {
  return field.items === undefined ? rowsOf(field, path) : rowsOf(field.items, `${path}[]`);
}

function rowOf(field: Schema, path: string, isNeeded: boolean): string {
  return `| \`${path}\` | ${typeOf(field)} | ${isNeeded ? 'yes' : ''} | ${cell(field.description ?? '')} |`;
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
