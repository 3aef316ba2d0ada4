import { isPlaceholder } from './placeholders.ts';
import { wordAt } from './values.ts';

/** A program that takes a secret behind a short option. */
export interface CommandRule {
  programs: readonly string[];
  /** Options whose value is the next word. */
  next?: readonly string[];
  /** Options that the value is written to without a space. */
  glued?: readonly string[];
  /** Only what follows this mark of the value is secret: "user:password". */
  behind?: string;
  example: string;
  counterExample: string;
}

/** Short options that hold a secret, as data; long ones (`--password`) are known by their names. */
export const commandRules: readonly CommandRule[] = [
  {
    programs: ['curl', 'http', 'https', 'xh'],
    next: ['-u', '--user', '-U', '--proxy-user', '-a', '--auth'],
    glued: ['-u', '--user=', '--proxy-user=', '--auth='],
    behind: ':',
    example: 'curl -u bob:hunter2 https://a',
    counterExample: 'curl -u bob https://a',
  },
  {
    programs: [
      'mysql',
      'mysqldump',
      'mysqladmin',
      'mysqlimport',
      'mysqlsh',
      'mariadb',
      'mariadb-dump',
      'mycli',
    ],
    glued: ['-p'],
    example: 'mysql -u root -phunter2 shop',
    counterExample: 'mysql -u root -p shop',
  },
  {
    programs: [
      'sshpass',
      'docker',
      'podman',
      'mongo',
      'mongosh',
      'mongodump',
      'mongorestore',
      'az',
      'oc',
      'buildah',
      'skopeo',
    ],
    next: ['-p'],
    example: 'docker login -u bob -p hunter2',
    counterExample: 'docker run -p 8080:80 image',
  },
  {
    programs: ['sshpass', '7z', '7za'],
    glued: ['-p'],
    example: 'sshpass -phunter2 ssh host',
    counterExample: 'sshpass -e ssh host',
  },
  {
    programs: ['redis-cli'],
    next: ['-a'],
    example: 'redis-cli -a hunter2 ping',
    counterExample: 'redis-cli -h host ping',
  },
  {
    programs: ['zip', 'unzip', 'sqlcmd', 'bcp'],
    next: ['-P'],
    glued: ['-P'],
    example: 'unzip -P hunter2 a.zip',
    counterExample: 'unzip -l a.zip',
  },
  {
    programs: ['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapdelete', 'ldapwhoami'],
    next: ['-w'],
    example: 'ldapsearch -x -w hunter2',
    counterExample: 'ldapsearch -x -W',
  },
  {
    programs: ['openssl'],
    next: ['-pass', '-passin', '-passout', '-k', '-K'],
    behind: 'pass:',
    example: 'openssl enc -passin pass:hunter2',
    counterExample: 'openssl enc -passin env:PASS',
  },
  {
    programs: ['smbclient'],
    next: ['-U'],
    behind: '%',
    example: 'smbclient //a/b -U bob%hunter2',
    counterExample: 'smbclient //a/b -U bob',
  },
  {
    programs: ['lftp', 'ncftp'],
    next: ['-u'],
    behind: ',',
    example: 'lftp -u bob,hunter2 host',
    counterExample: 'lftp -u bob host',
  },
];

const rulesOf = new Map<string, CommandRule[]>();
for (const rule of commandRules) {
  for (const program of rule.programs) rulesOf.set(program, [...(rulesOf.get(program) ?? []), rule]);
}

const names = [...rulesOf.keys()].map((name) => name.replace('-', '\\-')).join('|');

/** Whether a text may hold a command of the table: a cheap look. */
export const commandHint = new RegExp(`(?<![\\w.-])(?:${names})(?:\\.exe)?["']?[,\\s]`);

const program = new RegExp(`(?<![\\w.-])(?:${names})(?=(?:\\.exe)?[ \\t])`, 'g');

/** Masks secrets behind short options of known programs in a text: `curl -u user:‹…›`. */
export function maskCommands(text: string, mask: string): string {
  let clean = '';
  let done = 0;
  program.lastIndex = 0;
  for (let found = program.exec(text); found !== null; found = program.exec(text)) {
    const state = new CommandState();
    let at = found.index;
    while (at < text.length) {
      const word = wordAt(text, at, undefined, false);
      if (word.to === word.from) {
        const char = text[at]!;
        if (char !== ' ' && char !== '\t') break;
        at += 1;
        continue;
      }
      const secret = state.take(text.slice(word.from, word.to));
      if (secret !== undefined) {
        const raw = text.slice(word.from, word.to);
        const isQuoted = /^(["']).*\1$/s.test(raw) || /^(["']).*\1$/s.test(raw.slice(secret));
        const from = word.from + secret + (isQuoted && secret > 0 && /["']/.test(raw[secret]!) ? 1 : 0);
        const to = isQuoted ? word.to - 1 : word.to;
        if (from >= done && !isPlaceholder(text.slice(from, to), () => true)) {
          clean += text.slice(done, from) + mask;
          done = to;
        }
      }
      at = word.to;
    }
    program.lastIndex = Math.max(at, found.index + 1);
  }
  return done === 0 ? text : clean + text.slice(done);
}

/** Masks the same in a command line whose words stand in a list; the same list where nothing had to go. */
export function maskCommandList(words: readonly unknown[], mask: string): readonly unknown[] {
  const state = new CommandState();
  let isChanged = false;
  const clean = words.map((word) => {
    if (typeof word !== 'string') return word;
    const secret = state.take(word);
    if (secret === undefined || isPlaceholder(word.slice(secret), () => true)) return word;
    isChanged = true;
    return word.slice(0, secret) + mask;
  });
  return isChanged ? clean : words;
}

/** Reads the words of a command one by one and says from which character on one is a secret. */
class CommandState {
  #rules: readonly CommandRule[] = [];
  #name = '';
  #waiting: CommandRule | undefined;

  take(word: string): number | undefined {
    const bare = word.replace(/^["']|["']$/g, '');
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined && !(this.#name === 'docker' && /^[\d.:/-]+(?:tcp|udp)?$/.test(bare))) {
      return placeIn(word, 0, waiting);
    }
    const name = bare.slice(bare.lastIndexOf('/') + 1).replace(/\.exe$/, '');
    const rules = rulesOf.get(name);
    if (rules !== undefined) {
      this.#rules = rules;
      this.#name = name === 'podman' ? 'docker' : name;
      return undefined;
    }
    for (const rule of this.#rules) {
      if (rule.next?.includes(bare)) {
        this.#waiting = rule;
        return undefined;
      }
      const option = rule.glued?.find((start) => bare.startsWith(start) && bare.length > start.length);
      if (option !== undefined) return placeIn(word, word.indexOf(option) + option.length, rule);
    }
    return undefined;
  }
}

function placeIn(word: string, from: number, { behind }: CommandRule): number | undefined {
  if (behind === undefined) return from < word.length ? from : undefined;
  const at = word.indexOf(behind, from);
  const end = at + behind.length;
  return at === -1 || end >= word.replace(/["']$/, '').length ? undefined : end;
}
