import { tryGit } from '../../base/git.ts';

/**
 * How git logs in with the token of the environment: a header that only this process and the git it starts know of. It stands in no
 * argument, no setting and no file, and goes to the one host it was issued for. Nothing where there is no token, and where the
 * repository has a login of its own: an address with a password, a header that somebody set, a credential helper.
 */
export async function loginOf(
  folder: string,
  remote: string,
  settings: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  const token = environment['GITHUB_TOKEN'] || environment['GH_TOKEN'];
  if (!token || !/^[\x21-\x7e]+$/.test(token)) return {};
  const found = await tryGit(folder, ['ls-remote', '--get-url', remote]);
  const address = parsed(found.stdout.trim());
  const host = parsed(hostOf(environment));
  if (address === undefined || host === undefined || address.origin !== host.origin) return {};
  if (address.username !== '' || address.password !== '' || hasLogin(settings, address)) return {};
  const before = Number(environment['GIT_CONFIG_COUNT'] ?? 0) || 0;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: String(before + 1),
    [`GIT_CONFIG_KEY_${before}`]: `http.${address.origin}/.extraheader`,
    [`GIT_CONFIG_VALUE_${before}`]: `AUTHORIZATION: basic ${basic}`,
  };
}

/** The server that tokens of this environment are for, as GitHub Actions and gh say it. */
function hostOf(environment: NodeJS.ProcessEnv): string {
  const { GITHUB_SERVER_URL: server, GH_HOST: host } = environment;
  return server || (host ? `https://${host}` : 'https://github.com');
}

function parsed(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}

function hasLogin(settings: ReadonlyMap<string, string>, address: URL): boolean {
  for (const [key, value] of settings) {
    if (value === '') continue;
    const [, section, pattern] = /^(http|credential)\.(?:(.*)\.)?(?:extraheader|helper)$/s.exec(key) ?? [];
    if (section === undefined) continue;
    if (pattern === undefined || parsed(pattern)?.origin === address.origin) return true;
  }
  return false;
}
