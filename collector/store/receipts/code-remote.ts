import { join } from 'node:path';
import { type CodeRepository, textOf } from './code-repository.ts';

/** Where the code comes from: the remote of the branch, else origin, else the first one; without what logs in. */
export function findRemote({ common, branch }: CodeRepository): string | undefined {
  const settings = remoteSettings(textOf(join(common, 'config')) ?? '');
  const own = settings.get(`branch.${branch}.remote`);
  const url =
    settings.get(`remote.${own}.url`) ??
    settings.get('remote.origin.url') ??
    [...settings].find(([key]) => key.endsWith('.url'))?.[1];
  return url?.replace(/^([a-z+]+:\/\/)[^/@]*@/i, withoutSecret);
}

/** The addresses of remotes and the remotes of branches in the configuration of a repository. */
function remoteSettings(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    const head = /^\s*\[(remote|branch) "((?:[^"\\]|\\.)+)"\]/.exec(line);
    if (head !== null) section = `${head[1]}.${head[2]!.replace(/\\(.)/g, '$1')}`;
    else if (/^\s*\[/.test(line)) section = '';
    const entry = section === '' ? null : /^\s*(url|remote)\s*=\s*"?([^"]*?)"?\s*$/i.exec(line);
    const key = entry === null ? '' : `${section}.${entry[1]!.toLowerCase()}`;
    if (entry !== null && !settings.has(key)) settings.set(key, entry[2]!);
  }
  return settings;
}

function withoutSecret(whole: string, scheme: string): string {
  return /^ssh:/i.test(scheme) ? whole.replace(/:[^/:@]*@$/, '@') : scheme;
}
