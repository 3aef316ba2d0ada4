import { isPlaceholder } from './placeholders.ts';

/**
 * Masks what lets someone in by an address: the password of `scheme://user:password@host`, and a token that stands in the
 * user's place (`https://TOKEN@host`, `https://TOKEN:@host`). Names of users stay.
 */
export function maskAddresses(text: string, mask: string): string {
  let clean = '';
  let done = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const from = at + 3;
    const user = userPartAt(text, from);
    if (user === undefined || !/[a-z][a-z0-9+.-]{0,20}$/i.test(text.slice(Math.max(0, at - 22), at)))
      continue;
    const masked = maskUser(user, mask);
    if (masked === user) continue;
    clean += text.slice(done, from) + masked;
    done = from + user.length;
  }
  return done === 0 ? text : clean + text.slice(done);
}

const longest = 300;

/** What stands before the last "@" of an address; undefined where there is none. */
function userPartAt(text: string, from: number): string | undefined {
  let at = from;
  let last = -1;
  let path = -1;
  for (const end = Math.min(text.length, from + longest); at < end; at++) {
    const char = text[at]!;
    if (/[\s"'`<>\\]/.test(char) && !text.startsWith('<', from)) break;
    if (char === '‹') at = Math.max(at, text.indexOf('›', at));
    if (char === '@' && (path === -1 || mayHoldSlash(text.slice(from, path)))) last = at;
    if ((char === '/' || char === '?' || char === '#') && path === -1) path = at;
    if (path !== -1 && text.startsWith('://', at)) break;
  }
  return last === -1 ? undefined : text.slice(from, last);
}

/** `user:pa/ss@host` has a password with a slash; `host:8080/a@b` and `host/a:b@c` have none at all. */
function mayHoldSlash(before: string): boolean {
  const colon = before.indexOf(':');
  return colon !== -1 && !/^\d*$/.test(before.slice(colon + 1));
}

function maskUser(user: string, mask: string): string {
  if (user.includes('‹masked: ')) return user;
  const colon = user.indexOf(':');
  const name = colon === -1 ? user : user.slice(0, colon);
  const password = colon === -1 ? '' : user.slice(colon + 1);
  const isBlank = password === '' || /^x-oauth-basic$/i.test(password);
  if (isBlank && isToken(name)) return `${mask}${user.slice(name.length)}`;
  if (isBlank || isPlaceholder(password, () => true)) return user;
  return `${name}:${mask}`;
}

/** Names of people and machines are words with a short number at most. */
function isToken(name: string): boolean {
  if (isPlaceholder(name, () => true) || name === '') return false;
  const parts = name.split(/[._+-]|%40|@/);
  return name.length >= 40 || !parts.every((part) => /^(?:[A-Za-z]{0,20}\d{0,4}|\d{1,6})$/.test(part));
}
