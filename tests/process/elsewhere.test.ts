import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBookRuns } from '../../collector/operations/runs/find.ts';
import { summarizeBook } from '../../collector/operations/summarize.ts';
import { runSummaryJson } from '../../collector/runs/json.ts';
import { openActionWriter } from '../../collector/store/action-writer.ts';
import { buildSite } from '../../src/build.ts';
import { writeRunBook } from '../browser/run-book.ts';
import { writeSampleBook } from '../browser/sample-book.ts';
import { writeVersionBook } from '../browser/version-book.ts';
import { python } from './python.ts';

const address = 'https://acme.example/atlas/';
const config = `title: acme/atlas\nsite:\n  address: ${address}\n`;
let root: string;
let site: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'daybook-elsewhere-'));
  writeSampleBook(root, 60);
  writeRunBook(root, 1000, 3);
  await writeVersionBook(root, { count: 5 });
  writeFileSync(join(root, 'daybook.yaml'), config);
  site = (await buildSite({ root })).out;
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const read = (name: string) => readFileSync(join(site, name), 'utf8');
const files = (pattern: string) => globSync(pattern, { cwd: site }).map((name) => name.replaceAll('\\', '/'));
const pages = () => files('{*,runs/*,snapshots/*,versions/*}.html');
const shells = ['run.html', 'version.html'];

describe('what a build writes for readers elsewhere', () => {
  it.skipIf(python === undefined)(
    'is XML to a parser that is not ours, and feeds have what Atom asks for',
    () => {
      const xml = files('{badges/*.svg,feeds/*.xml,sitemap.xml}').map((name) => join(site, name));
      const said = spawnSync(python!, ['-c', parsing, ...xml], { encoding: 'utf8' });
      expect(said.stderr).toBe('');
      expect(JSON.parse(said.stdout)).toEqual({ files: xml.length, feeds: 3 });
    },
  );

  it('has a Markdown form of every page that shows something, named in its head, without a tag of HTML', () => {
    for (const page of pages()) {
      const twin = page.replace(/html$/, 'md');
      expect(existsSync(join(site, twin)), page).toBe(!shells.includes(page));
      const named = /<link rel="alternate" type="text\/markdown" href="([^"]+)"/.exec(read(page))?.[1];
      if (shells.includes(page)) expect(named).toBeUndefined();
      else {
        expect(decodeURIComponent(named!), page).toBe(twin.split('/').at(-1));
        const text = read(twin);
        expect(text, twin).toMatch(/^(?:[^\n]*\n+){0,6}# \S/);
        expect(text.length).toBeLessThan(61_000);
        expect(
          text.replace(/```[\s\S]*?```|`[^`\n]+`/g, '').match(/(?<!\\)<[a-z!/][^>]*>/gi) ?? [],
          twin,
        ).toEqual([]);
      }
    }
  });

  it('leads from Markdown to Markdown, and nowhere that is not there', () => {
    const missing: string[] = [];
    for (const name of [...files('{*,runs/*,snapshots/*,versions/*}.md'), 'llms.txt']) {
      for (const [, href] of read(name)
        .replace(/```[\s\S]*?```/g, '')
        .matchAll(/(?<!\\)\]\(([^)\s]+)\)/g)) {
        const path = href!.startsWith(address) ? href!.slice(address.length) : join(dirname(name), href!);
        if (/^[a-z]+:/i.test(href!) && !href!.startsWith(address)) continue;
        const file = decodeURIComponent(path.replace(/[?#].*$/, ''));
        if (file !== '' && !existsSync(join(site, file))) missing.push(`${name}: ${href}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('describes each page, with whole addresses, and a sitemap that names each of them once', () => {
    const listed = [...read('sitemap.xml').matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url]) => url!);
    expect(new Set(listed).size).toBe(listed.length);
    for (const url of listed) {
      const path = decodeURIComponent(url.slice(address.length)) || 'index.html';
      expect(existsSync(join(site, path)), url).toBe(true);
      expect(read(path)).toContain(`<link rel="canonical" href="${url.replaceAll('&', '&amp;')}"`);
    }
    for (const page of pages().filter((name) => !shells.includes(name))) {
      expect(read(page), page).toMatch(/<meta name="description" content="[^"]{10,}"/);
      expect(read(page)).toContain(`<meta property="og:image" content="${address}preview.png"`);
      for (const [, href] of read(page).matchAll(/<link rel="alternate"[^>]* href="([^"]+)"/g))
        expect(existsSync(join(site, dirname(page), decodeURIComponent(href!))), `${page} ${href}`).toBe(
          true,
        );
    }
    for (const shell of shells) expect(read(shell)).not.toContain('rel="canonical"');
  });

  it('has one picture, a PNG of 1200 by 630', () => {
    const bytes = readFileSync(join(site, 'preview.png'));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
  });

  it('has an index of JSON files, each as its schema says', () => {
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    const index = JSON.parse(read('api/index.json')) as { files: { path: string; schema?: string }[] };
    const withSchema = index.files.filter(({ schema }) => schema !== undefined);
    expect(withSchema.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['summary.json', 'latest.json', 'runs.json', 'findings.json', 'index.json']),
    );
    for (const { path } of index.files) expect(existsSync(join(site, 'api', path)), path).toBe(true);
    for (const { path, schema } of withSchema) {
      const isValid = ajv.compile(JSON.parse(read(`api/${schema}`)));
      expect(isValid(JSON.parse(read(`api/${path}`))), `${path}: ${JSON.stringify(isValid.errors)}`).toBe(
        true,
      );
    }
  });

  it('says in JSON what the commands say', async () => {
    const summary = JSON.parse(read('api/summary.json'));
    const { root: _root, recording: _recording, bytes: _bytes, ...said } = await summarizeBook(root);
    for (const [key, value] of Object.entries(said)) {
      // Actions of several lines have the time of their beginning here, and findings of the build beside.
      if (!/^(latest_action|latest_action_at|findings|title)$/.test(key))
        expect(summary[key], key).toEqual(value);
    }
    expect(Object.keys(summary)).toEqual(
      expect.arrayContaining([...Object.keys(said), 'recording', 'bytes']),
    );
    const byKey = new Map((await readBookRuns(root)).map((run) => [run.key, runSummaryJson(run)]));
    const { newest } = JSON.parse(read('api/runs.json'));
    expect(newest.length).toBe(byKey.size);
    for (const run of newest) {
      const whole = JSON.parse(JSON.stringify(byKey.get(run.key)));
      for (const key of [
        'name',
        'slug',
        'status',
        'started_at',
        'duration_ms',
        'tags',
        'identifier',
        'metrics',
        'params',
        'at',
      ])
        expect(run[key], `${run.key} ${key}`).toEqual(whole[key]);
    }
  });

  it('writes again only what says something new, and the same as a build of which nothing was kept', async () => {
    const made =
      '{badges/*,feeds/*,runs/*.{html,md},snapshots/*.{html,md},versions/*.{html,md},preview.png,sitemap.xml,llms.txt}';
    const look = () => new Map(files(made).map((name) => [name, statSync(join(site, name)).ino]));
    const before = look();
    const writer = openActionWriter(root, { clock: { nowUs: () => Date.UTC(2026, 10, 20) * 1000 } });
    writer.append({ type: 'deploy', status: 'failed', details: { why: 'no disk' } });
    await writer.close();
    await buildSite({ root });
    const changed = [...look()].filter(([name, ino]) => before.get(name) !== ino).map(([name]) => name);
    expect(changed).toEqual(expect.arrayContaining(['badges/last-deployment.svg', 'feeds/failures.xml']));
    expect(changed.filter((name) => /badges\/(?:health|last-snapshot)/.test(name))).toEqual([]);
    // A page and its Markdown form are made together, or neither of them.
    const stems = (ending: string) =>
      changed.filter((name) => name.endsWith(ending)).map((name) => name.replace(ending, ''));
    expect(stems('.md')).toEqual(stems('.html'));
    expect(stems('.md').filter((name) => name.startsWith('versions/'))).toEqual([]);
    // Pages of runs that go on say until when.
    const content = () =>
      new Map(
        [...look().keys()]
          .filter((name) => !name.endsWith('.html'))
          .map((name) => [name, readFileSync(join(site, name)).toString('base64')]),
      );
    const kept = content();
    rmSync(join(root, '.daybook'), { recursive: true });
    await buildSite({ root });
    const fresh = content();
    expect([...fresh].filter(([name, bytes]) => kept.get(name) !== bytes).map(([name]) => name)).toEqual([]);
    expect([...kept.keys()].sort()).toEqual([...fresh.keys()].sort());
  });

  it('leaves out what the book leaves out, also from pages that were rendered before', async () => {
    writeFileSync(
      join(root, 'daybook.yaml'),
      `${config}  leaveOut: [badges, feeds, markdown, image, sitemap]\n`,
    );
    await buildSite({ root });
    const left = files('{badges/*,feeds/*,*.md,runs/*.md,snapshots/*.md,*.txt,*.png,sitemap.xml}');
    expect(left.map((name) => relative('.', name))).toEqual([]);
    for (const page of pages()) expect(read(page), page).not.toMatch(/rel="alternate"|og:image/);
  });
});

/** What an independent parser makes of it: well-formed, and of feeds that every entry has what RFC 4287 wants. */
const parsing = `
import json, re, sys, xml.etree.ElementTree as ET
A = "{http://www.w3.org/2005/Atom}"
feeds = 0
for path in sys.argv[1:]:
    root = ET.parse(path).getroot()
    if root.tag != A + "feed":
        continue
    feeds += 1
    for one in [root, *root.findall(A + "entry")]:
        for name in ("id", "title", "updated"):
            assert len(one.findall(A + name)) == 1, (path, name)
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one.find(A + "id").text)
        assert re.fullmatch(r"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", one.find(A + "updated").text)
        assert any(link.get("rel") == "alternate" for link in one.findall(A + "link"))
    ids = [one.find(A + "id").text for one in root.findall(A + "entry")]
    assert len(ids) == len(set(ids)), path
    assert root.find(A + "author") is not None
print(json.dumps({"files": len(sys.argv) - 1, "feeds": feeds}))
`;
