import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a book without a title is called: its repository, else its folder. */
export function titleOf(root: string): string {
  const address = originOf(root);
  return address === undefined ? basename(root) || 'Daybook' : address.split('/').slice(-2).join('/');
}

/** The web address of the repository that git calls origin, if the book lies in one that has it. */
export function originOf(root: string): string | undefined {
  try {
    const config = readFileSync(join(root, '.git', 'config'), 'utf8');
    const url = /\[remote "origin"\][^[]*?url\s*=\s*(\S+)/.exec(config)?.[1];
    const match =
      /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/(?:[^@/]+@)?|[^@/\s]+@)([A-Za-z0-9.-]+)[:/](.+?)(?:\.git)?\/?$/.exec(
        url ?? '',
      );
    return match === null ? undefined : `https://${match[1]}/${match[2]}`;
  } catch {
    return undefined;
  }
}
