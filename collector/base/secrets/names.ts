/**
 * What a name says of the value under it: `secret` (texts and numbers go), `doubtful` (texts go unless they are ordinary
 * words, numbers stay: "pass: 12", "auth: basic", "session: morning"), or nothing.
 */
export type NameVerdict = 'secret' | 'doubtful' | undefined;

/** A group of names, with names that are meant and names that only look alike. */
export interface NameRule {
  verdict: Exclude<NameVerdict, undefined>;
  /** The last words of a name, in lower case without separators. */
  endings: readonly string[];
  examples: readonly string[];
  counterExamples: readonly string[];
}

/** The names, as data: "DB_PASSWORD", "db.password" and "dbPassword" are one name. */
export const nameRules: readonly NameRule[] = [
  {
    verdict: 'secret',
    endings: ['password', 'passwords', 'passwd', 'passphrase', 'passcode', 'pwd'],
    examples: ['password', 'DB_PASSWORD', 'userPassword', 'MYSQL_PWD', 'ssl-passphrase'],
    counterExamples: ['password_length', 'passwordless', 'no-password', 'password-stdin', 'passport'],
  },
  {
    verdict: 'secret',
    endings: ['secret', 'secrets', 'secretkeybase', 'credential', 'credentials', 'creds'],
    examples: ['secret', 'client_secret', 'secrets', 'SECRET_KEY_BASE', 'awsCredentials'],
    counterExamples: ['secret_name', 'secretary', 'credential_type', 'sacred'],
  },
  {
    verdict: 'secret',
    endings: ['token'],
    examples: ['token', 'access_token', 'NPM_TOKEN', '_authToken', 'sas_token', 'jobToken', 'id_token'],
    counterExamples: [
      'tokens',
      'max_tokens',
      'token_count',
      'tokenizer',
      'pad_token',
      'next_token',
      'ms_per_token',
      'token_type',
    ],
  },
  {
    verdict: 'secret',
    endings: [
      'authorization',
      'setcookie',
      'cookie',
      'cookies',
      'bearer',
      'jwt',
      'sessionkey',
      'sessionsecret',
    ],
    examples: ['Authorization', 'Set-Cookie', 'Cookie', 'jwt', 'user_jwt', 'session_key'],
    counterExamples: ['authorization_url', 'cookie_count', 'bearer_format'],
  },
  {
    verdict: 'secret',
    endings: ['dsn', 'connectionstring', 'connstring', 'connstr', 'connectionuri'],
    examples: ['dsn', 'SENTRY_DSN', 'ConnectionString', 'AZURE_STORAGE_CONNECTION_STRING', 'db_conn_str'],
    counterExamples: ['connection', 'connection_count', 'dsn_count'],
  },
  {
    verdict: 'secret',
    endings: ['webhook', 'webhooks', 'webhookurl', 'webhookuri'],
    examples: ['webhook', 'SLACK_WEBHOOK_URL', 'discordWebhook'],
    counterExamples: ['webhook_id', 'webhook_events'],
  },
  {
    verdict: 'secret',
    endings: ['pat'],
    examples: ['GH_PAT', 'azurePat'],
    counterExamples: ['pat', 'compat', 'format', 'spat'],
  },
  {
    verdict: 'secret',
    endings: ['key'],
    examples: [
      'api_key',
      'OPENAI_API_KEY',
      'sshKey',
      'ENCRYPTION_KEY',
      'signing-key',
      'AccountKey',
      'x-functions-key',
      'master_key',
      'apikey',
    ],
    counterExamples: [
      'key',
      'keys',
      'primary_key',
      'sort_key',
      'foreignKey',
      'public_key',
      'ssh_public_key',
      'cache_key',
      'monkey',
      'turkey',
      'keyboard',
      'access_key_id',
      'idempotency_key',
    ],
  },
  {
    verdict: 'doubtful',
    endings: ['pass', 'pw', 'storepass', 'keypass', 'dbpass'],
    examples: ['pass', 'DB_PASS', 'smtpPass', 'dbpass', 'root_pw'],
    counterExamples: [
      'bypass',
      'compass',
      'passed',
      'passes',
      'forward_pass',
      'low_pass',
      'tests_pass',
      'pass_rate',
      'passenger',
    ],
  },
  {
    verdict: 'doubtful',
    endings: ['auth', 'session', 'sessionid', 'sessid', 'sessioncookie'],
    examples: ['auth', '_auth', 'proxyAuth', 'session', 'PHPSESSID', 'session_id', 'JSESSIONID'],
    counterExamples: [
      'author',
      'oauth_url',
      'authenticated',
      'auth_method',
      'session_count',
      'sessions',
      'obsession',
    ],
  },
];

/** Names without case and separators: "API-Key" and "api_key" are one. */
export function plainName(name: string): string {
  return name
    .slice(-longestName)
    .replace(/[\s_.$-]/g, '')
    .toLowerCase();
}

/** What a name says of its value; `own` are plain names of the user. */
export function judgeName(name: string, own: ReadonlySet<string>): NameVerdict {
  const plain = plainName(name);
  if (own.size > 0 && own.has(plain)) return 'secret';
  if (!quickly.test(plain)) return undefined;
  const words = wordsOf(name);
  const [last = '', before = ''] = [words.at(-1), words.at(-2)];
  if (words[0] === 'no' && words.length > 1) return undefined;
  if (plain.endsWith('token'))
    return notSecretBefore.token.has(tail(plain, last, before, 'token')) ? undefined : 'secret';
  if (plain.endsWith('key')) return isSecretKey(words, plain);
  if (last === 'pat' && words.length > 1) return 'secret';
  if (last === 'pass' || last === 'pw') return notSecretBefore.pass.has(before) ? undefined : 'doubtful';
  if (gluedPass.test(plain)) return 'doubtful';
  if (last === 'auth' || last === 'session') return 'doubtful';
  if (/(?:sessid|session_?id|sessioncookie)$/.test(plain)) return 'doubtful';
  return certain.test(plain) && !/(?:obsession|sacred)s?$/.test(plain) ? 'secret' : undefined;
}

const longestName = 100;

/** Whatever ends in none of these is no secret: most names. */
const quickly =
  /(?:pass(?:words?|wd|phrase|code)?|pwd?|secrets?|token|key(?:base)?|credentials?|creds|authorization|auth|cookies?|bearer|jwt|dsn|string|str|uri|url|webhooks?|pat|session(?:id)?|sessid)$/;

const certain =
  /(?:passwords?|passwd|passphrase|passcode|pwd|secrets?|secretkeybase|credentials?|creds|authorization|cookies?|bearer|jwt|dsn|conn(?:ection)?str(?:ing)?|connectionuri|webhooks?|webhookur[li])$/;

/** Written as one word: "dbpass", "PGPASS". */
const gluedPass =
  /(?:^|[^a-z])?(?:db|user|root|admin|pg|my|sql|ssh|ldap|smtp|imap|ftp|mail|proxy|store|key|http|redis|mongo|rabbit)pass$/;

/** What makes a token, a key or a pass an ordinary thing. */
const notSecretBefore = {
  token: new Set(
    'pad eos bos unk sep cls mask special stop start end begin image audio video per next page continuation sync first last prompt completion added additional new extra num n max min total unexpected current previous prev each any'.split(
      ' ',
    ),
  ),
  pass: new Set(
    'forward backward first second third fourth last final low high band multi single one two three render sub test tests all each per next previous must did should can will is has by num n train training eval validation warmup optimizer optimization compiler depth shadow post boarding season ski hall'.split(
      ' ',
    ),
  ),
};

/** What makes a key a secret: what it opens, or whose it is. */
const keyOpens = new Set(
  'api access secret private signing sign signature ssh encryption encrypt encrypting decryption crypto cipher master account storage shared deploy deployment service server client license licence auth jwt jwk hmac aes rsa gpg pgp tls ssl app application admin root session consumer subscription functions function webhook host recovery symmetric data dek kek wrapping vault token user personal integration project write admin security wireless wpa psk preshared cookie csrf kms seed validation instrumentation openai anthropic claude groq mistral cohere gemini google aws azure gcp stripe sendgrid twilio mailgun datadog dd wandb hf huggingface github gitlab slack algolia cloudflare pinecone replicate deepseek openrouter perplexity together fireworks tavily serper langsmith langchain langfuse comet neptune clearml'.split(
    ' ',
  ),
);
const keyIsOrdinary = new Set('public primary foreign sort partition cache row hash param'.split(' '));
const gluedKey =
  /(?:api|access|secret|private|signing|ssh|encryption|encrypt|decryption|master|account|storage|shared|deploy|license|hmac|auth|jwt|crypto|sharedaccess|session)key$/;

function isSecretKey(words: readonly string[], plain: string): NameVerdict {
  const last = words.at(-1)!;
  if (last !== 'key') return gluedKey.test(plain) && !/publickey$/.test(plain) ? 'secret' : undefined;
  if (words.some((word) => keyIsOrdinary.has(word))) return undefined;
  return keyOpens.has(words.at(-2) ?? '') ? 'secret' : undefined;
}

/** The word before "token", also where both are written as one: "padtoken". */
function tail(plain: string, last: string, before: string, word: string): string {
  return last === word ? before : plain.slice(0, -word.length);
}

/** "dbPassword2", "DB_PASSWORD" and "db.password" by words, in lower case. */
function wordsOf(name: string): string[] {
  return name
    .slice(-longestName)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
