import { plainName } from './names.ts';

/** Whether a value under a doubtful name ("pass", "auth", "session") is an ordinary one and may stay. */
export function isOrdinary(name: string, value: string): boolean {
  const text = value.trim();
  if (/^[\d\s.,:;%/+-]*$/.test(text)) return true;
  if (text.length > 60) return false;
  const plain = plainName(name);
  if (plain.endsWith('pass') || plain.endsWith('pw'))
    return isCount(text) || words.test(text) || /^(?:stdin$|(?:env|file|fd):)/.test(text);
  if (plain.endsWith('auth')) return isMethod(text);
  return isPlainLabel(text);
}

/** "12 of 14", "3 passed", "12, fail: 0". */
function isCount(text: string): boolean {
  return (
    /^\d[\d.,%/]*(?:ms|s|x)?(?:[ ,;(]|$)(?!.*[^\w\s.,:;%/()=-])/.test(text) && !/\d[a-z]{3,}\d/i.test(text)
  );
}

const words =
  /^(?:all|none|any|some|ok|okay|passed|failed|fail|failing|passing|skipped|partial|yes|no|true|false|success|forward|backward|first|second|third|final|low|high|train|eval|test|tests|warmup|shadow|depth|color|main|on|off|enabled|disabled|required|optional|unknown|pending|n\/a|done|complete|completed)$/i;

const methods =
  /^(?:basic|bearer|digest|ntlm|negotiate|kerberos|oauth\d?|oauth2?\.0|oidc|saml|ldap|iam|mtls|tls|jwt|token|api[_ -]?key|key|password|cookie|session|sso|anonymous|public|private|none|any|ok|okay|success|succeeded|failed|failure|failing|denied|granted|required|optional|enabled|disabled|on|off|valid|invalid|expired|missing|pending|plain|login|scram(?:-sha-\d+)?|md5|trust|peer|user|admin|guest|service|default|github|google|gitlab|azure|aws|auth0|firebase|local|remote|unknown|error|true|false|null)(?=[ ,.;]|$)/i;
/** What may follow the first word: plain words and numbers, which base64 is not. */
const prose = /^(?:[ ,.;]+(?:[a-z']{1,14}|\d[\d.:]*)?)*$/;

function isMethod(text: string): boolean {
  const first = methods.exec(text)?.[0];
  return first !== undefined && prose.test(text.slice(first.length));
}

/** Words, numbers, and words with a short number behind: "morning run", "train-12", "2026-11-26", "exp3_a". */
function isPlainLabel(text: string): boolean {
  return text
    .split(/[\s_.,:;/()-]+/)
    .every((part) => /^(?:[A-Za-z]{0,24}\d{0,4}|\d{0,14}|\d{8}T\d{4,6}Z?)$/.test(part));
}
