/** A kind of token that is known by its shape alone, wherever it stands. */
export interface SecretShape {
  /** Named in daybook.yaml and in findings; with spaces for "-" it is what stands in the place of the token. */
  rule: string;
  /** Texts of three characters or more; one of them stands in everything that the pattern finds: a text without any of them is not looked at again. */
  hints: readonly string[];
  /** Regular expression; what it finds is masked. No unlimited part of it is followed by another demand. */
  pattern: string;
  /** False where it may as well be harmless (public by intent, or long expired): a build does not stop for it. */
  isSure: boolean;
  /** Found and, beside it, not found; `{a36}` stands for 36 random letters and digits, so that no token stands here. */
  example: string;
  counterExample: string;
}

/** Not inside of a word; a JSON escape before it ("\nsk-…") is no part of the word. */
const start = '(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))';
/** The same for patterns whose first part may hold "-" and "_". */
const startOfRun = '(?:(?<![\\w-])|(?<=\\\\[nrt]))';

/**
 * The table of shapes. `{a36}` letters and digits, `{h32}` hexadecimal, `{A16}` capitals and digits, `{d9}` digits.
 * A new kind of token is one row; its tests are the row itself.
 */
// biome-ignore format: a table
export const secretShapes: readonly SecretShape[] = [
  row('private-key', ['PRIVATE KEY'], '-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\\s\\S]*?(?:-----END [A-Z0-9 ]{0,30}-----|$)', '-----BEGIN RSA PRIVATE KEY-----\n{a64}\n-----END RSA PRIVATE KEY-----', '-----BEGIN PUBLIC KEY-----\n{a64}\n-----END PUBLIC KEY-----'),
  row('putty-key', ['Private-Lines:'], 'Private-Lines: ?\\d+[\\s\\S]*?(?:Private-MAC: ?[0-9a-f]+|$)', 'Private-Lines: 1\n{a64}\nPrivate-MAC: {h40}', 'Public-Lines: 1\n{a64}'),
  row('age-key', ['AGE-SECRET-KEY-'], 'AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{30,}', 'AGE-SECRET-KEY-1{A58}', 'age1{a58}'),
  row('github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'], 'gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}', 'ghp_{a36}', 'ghp_short'),
  row('gitlab-token', ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glagent-', 'gloas-', 'glsoat-', 'glffct-', 'glimt-', 'glft-'], 'gl(?:pat|dt|rt|cbt|ptt|agent|oas|soat|ffct|imt|ft)-[\\w-]{16,}', 'glpat-{a20}', 'glpat-short'),
  row('bitbucket-token', ['ATBB', 'ATCTT3'], `${start}(?:ATBB[A-Za-z0-9]{24,}|ATCTT3[A-Za-z0-9_=-]{40,})`, 'ATBB{a32}', 'ATBB{a4}'),
  row('atlassian-token', ['ATATT3'], 'ATATT3[A-Za-z0-9_=-]{60,}', 'ATATT3{a180}', 'ATATT3 {a40}'),
  row('slack-token', ['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-', 'xapp-'], 'xox[abceoprsd](?:-|\\.xox[bp]-)[\\w%-]{10,}|xapp-\\d-[\\w-]{10,}', 'xapp-1-A{A10}-{d13}-{h64}', 'xapp-one'),
  row('slack-webhook', ['hooks.slack.com/'], '(?<=hooks\\.slack\\.com/(?:services|workflows|triggers)/)[\\w/-]{20,}', 'https://hooks.slack.com/services/T{A8}/B{A8}/{a24}', 'https://hooks.slack.com/services/'),
  row('discord-webhook', ['/api/webhooks/'], '(?<=discord(?:app)?\\.com/api/webhooks/\\d{1,25}/)[\\w-]{20,}', 'https://discord.com/api/webhooks/{d18}/{a68}', 'https://discord.com/api/webhooks/docs'),
  row('teams-webhook', ['webhook.office.com/'], '(?<=webhook\\.office\\.com/webhookb2/)[\\w@/-]{30,}', 'https://x.webhook.office.com/webhookb2/{h36}@{h36}/IncomingWebhook/{h32}/{h36}', 'https://x.webhook.office.com/webhookb2/'),
  row('telegram-token', [':AA'], `${start}\\d{8,10}:AA[\\w-]{32,}`, '{d10}:AA{a33}', '12:AA{a33}'),
  row('npm-token', ['npm_'], `${start}npm_[A-Za-z0-9]{30,}`, 'npm_{a36}', 'npm_config_cache'),
  row('pypi-token', ['pypi-Ag'], 'pypi-Ag[\\w-]{40,}', 'pypi-AgEIcHlwaS5vcmc{a80}', 'pypi-Agent'),
  row('rubygems-key', ['rubygems_'], `${start}rubygems_[0-9a-f]{40,}`, 'rubygems_{h48}', 'rubygems_version'),
  row('crates-token', ['cio'], `${start}cio[A-Za-z0-9]{32}(?![A-Za-z0-9])`, 'cio{a32}', 'cio{a12}'),
  row('nuget-key', ['oy2'], `${start}oy2[a-z0-9]{43}(?![A-Za-z0-9])`, 'oy2{h43}', 'oy2{h20}'),
  row('docker-token', ['dckr_'], 'dckr_(?:pat|oat)_[\\w-]{20,}', 'dckr_pat_{a27}', 'dckr_pat_docs'),
  row('artifactory-token', ['AKCp'], `${start}AKCp[A-Za-z0-9]{60,}`, 'AKCp8{a68}', 'AKCp{a10}'),
  row('anthropic-key', ['sk-ant-'], `${start}sk-ant-[\\w-]{16,}`, 'sk-ant-api03-{a93}', 'sk-ant-hill'),
  row('openrouter-key', ['sk-or-'], `${start}sk-or-(?:v\\d-)?[0-9a-f]{32,}`, 'sk-or-v1-{h64}', 'sk-or-not'),
  row('openai-key', ['sk-'], `${start}sk-(?=[A-Za-z_-]{0,80}\\d)(?:proj-|svcacct-|admin-)?[\\w-]{20,}`, 'sk-proj-{a48}', 'sk-of-lower-case-words-only-is-a-name'),
  row('groq-key', ['gsk_'], `${start}gsk_[A-Za-z0-9]{30,}`, 'gsk_{a52}', 'gsk_model_name'),
  row('replicate-token', ['r8_'], `${start}r8_[A-Za-z0-9]{30,}`, 'r8_{a37}', 'r8_weights'),
  row('hugging-face-token', ['hf_', 'api_org_'], `${start}(?:hf|api_org)_[A-Za-z0-9]{30,}`, 'hf_{a34}', 'hf_model_name'),
  row('perplexity-key', ['pplx-'], `${start}pplx-[A-Za-z0-9]{40,}`, 'pplx-{a48}', 'pplx-70b'),
  row('xai-key', ['xai-'], `${start}xai-[A-Za-z0-9]{60,}`, 'xai-{a80}', 'xai-toolkit'),
  row('wandb-key', ['wandb_v'], `${start}wandb_v\\d_[\\w-]{20,}`, 'wandb_v1_{a40}', 'wandb_version'),
  row('linear-key', ['lin_api_', 'lin_oauth_'], `${start}lin_(?:api|oauth)_[A-Za-z0-9]{30,}`, 'lin_api_{a40}', 'lin_api_docs'),
  row('notion-token', ['ntn_'], `${start}ntn_[A-Za-z0-9]{40,}`, 'ntn_{a46}', 'ntn_page'),
  row('figma-token', ['figd_'], `${start}figd_[\\w-]{36,}`, 'figd_{a40}', 'figd_file'),
  row('airtable-token', ['pat'], `${start}pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}`, 'pat{a14}.{h64}', 'pattern.{h64}'),
  row('postman-key', ['PMAK-'], `${start}PMAK-[0-9a-f]{24}-[0-9a-f]{34}`, 'PMAK-{h24}-{h34}', 'PMAK-{h8}'),
  row('aws-key-id', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], `${start}(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])`, 'AKIA{A16}', 'AKIA{A5}'),
  row('aws-signature', ['X-Amz-'], '(?<=X-Amz-(?:Signature|Security-Token|Credential)(?:=|%3D))[\\w%/+=.-]{16,}', 'https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature={h64}', 'X-Amz-SignedHeaders=host', false),
  row('storage-signature', ['Signature='], '(?<=[?&](?:X-Goog-|X-Ms-)?Signature=)[\\w%/+=.-]{16,}', 'https://b.s3.amazonaws.com/k?Expires=1&Signature={a27}%3D', 'Signature=v2', false),
  row('azure-sas', ['sig='], '(?<=(?:[?&;]|&amp;|\\\\u0026|SharedAccessSignature .{0,80})sig=)[\\w%/+=-]{16,}', 'https://a.blob.core.windows.net/c/b?sv=2024-11-04&se=2027-01-01&sig={a43}%3D', '?sig=none', false),
  row('google-key', ['AIza'], `${start}AIza[\\w-]{35}`, 'AIza{a35}', 'AIza{a10}'),
  row('google-oauth-token', ['ya29.', 'GOCSPX-', '1//0'], `${start}(?:ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}|1//0[\\w-]{40,})`, 'ya29.a0{a60}', 'ya29.short'),
  row('digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], `${start}do[opr]_v1_[0-9a-f]{40,}`, 'dop_v1_{h64}', 'dop_v1_docs'),
  row('databricks-token', ['dapi'], `${start}dapi[0-9a-f]{32}(?:-\\d)?(?![A-Za-z0-9])`, 'dapi{h32}', 'dapi{h8}'),
  row('vault-token', ['hvs.', 'hvb.', 'hvr.'], `${start}hv[sbr]\\.[\\w-]{20,}`, 'hvs.CAES{a88}', 'hvs.example'),
  row('terraform-token', ['.atlasv1.'], '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{40,}', '{a14}.atlasv1.{a67}', 'a.atlasv1.docs'),
  row('pulumi-token', ['pul-'], `${start}pul-[0-9a-f]{40}`, 'pul-{h40}', 'pul-request'),
  row('doppler-token', ['dp.'], `${start}dp\\.(?:pt|st|ct|scim|audit)\\.[\\w.-]{40,}`, 'dp.pt.{a43}', 'dp.st.'),
  row('1password-token', ['ops_eyJ'], `${start}ops_eyJ[\\w-]{40,}={0,3}`, 'ops_eyJ{a250}', 'ops_eyJ'),
  row('shopify-token', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], `${start}shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}`, 'shpat_{h32}', 'shpat_docs'),
  row('stripe-key', ['k_live_', 'k_test_', 'whsec_'], `${start}(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}`, 'sk_live_{a24}', 'sk_live_mode'),
  row('square-token', ['sq0atp-', 'sq0csp-'], `${start}sq0(?:atp|csp)-[\\w-]{22,}`, 'sq0atp-{a22}', 'sq0atp-docs'),
  row('sendgrid-key', ['SG.'], `${startOfRun}SG\\.[\\w-]{16,64}\\.[\\w-]{16,}`, 'SG.{a22}.{a43}', 'SG.example.org'),
  row('twilio-key', [...'0123456789abcdef'].map((digit) => `SK${digit}`), `${start}SK[0-9a-f]{32}(?![A-Za-z0-9])`, 'SK{h32}', 'SK{h12}'),
  row('mailchimp-key', ['-us'], `${start}[0-9a-f]{32}-us\\d{1,2}(?![A-Za-z0-9])`, '{h32}-us12', '{h8}-us12'),
  row('mailgun-key', ['key-'], `${startOfRun}key-[0-9a-f]{32}(?![A-Za-z0-9])`, 'key-{h32}', 'key-{h8}'),
  row('brevo-key', ['xkeysib-'], `${start}xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}`, 'xkeysib-{h64}-{a16}', 'xkeysib-docs'),
  row('sentry-token', ['sntrys_', 'sntryu_'], `${start}sntry[su]_[A-Za-z0-9+/=_]{40,}`, 'sntryu_{h64}', 'sntryu_docs'),
  row('grafana-token', ['glc_', 'glsa_'], `${start}(?:glc_[A-Za-z0-9+/=]{32,}|glsa_[A-Za-z0-9]{32}_[0-9a-f]{8})`, 'glsa_{a32}_{h8}', 'glsa_docs'),
  row('new-relic-key', ['NRAK-'], `${start}NRAK-[A-Z0-9]{27}`, 'NRAK-{A27}', 'NRAK-{A5}'),
  row('dynatrace-token', ['dt0c01.'], `${start}dt0c01\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}`, 'dt0c01.{A24}.{A64}', 'dt0c01.{A4}'),
  row('netlify-token', ['nfp_'], `${start}nfp_[A-Za-z0-9]{36}`, 'nfp_{a36}', 'nfp_docs'),
  row('supabase-key', ['sbp_', 'sb_secret_'], `${start}(?:sbp_[0-9a-f]{40}|sb_secret_[\\w-]{20,})`, 'sbp_{h40}', 'sbp_docs'),
  row('planetscale-token', ['pscale_'], `${start}pscale_(?:tkn|pw|oauth)_[\\w.-]{32,}`, 'pscale_tkn_{a43}', 'pscale_tkn_docs'),
  row('heroku-key', ['HRKU-'], `${start}HRKU-[\\w-]{36,}`, 'HRKU-AA{a58}', 'HRKU-docs'),
  row('tailscale-key', ['tskey-'], `${start}tskey-[a-z]{1,12}-[\\w-]{16,}`, 'tskey-auth-{a17}-{a32}', 'tskey-auth'),
  row('json-web-token', ['eyJ'], `${startOfRun}eyJ[\\w-]{8,4000}\\.eyJ[\\w-]{8,}\\.[\\w-]*`, 'eyJ{a33}.eyJ{a60}.{a43}', 'eyJ{a33}', false),
];

function row(
  rule: string,
  hints: readonly string[],
  pattern: string,
  example: string,
  counterExample: string,
  isSure = true,
): SecretShape {
  return { rule, hints, pattern, isSure, example, counterExample };
}
