/** Under which name shadow commits are made, always at the same time: equal states are equal commits. */
export const shadowIdentity = {
  GIT_AUTHOR_NAME: 'Daybook',
  GIT_AUTHOR_EMAIL: 'daybook@localhost',
  GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Daybook',
  GIT_COMMITTER_EMAIL: 'daybook@localhost',
  GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
};

/** The message of a shadow commit on top of `head`. */
export function shadowMessage(head: string | undefined): string {
  return `Daybook shadow: ${head === undefined ? 'no commit yet' : `${head.slice(0, 7)} + changes`}`;
}

/** What git calls the shadow commit of a tree on top of `head`, made or not: its id is the digest of its text. */
export function shadowId(tree: string, head: string | undefined): string {
  const who = 'Daybook <daybook@localhost> 946684800 +0000';
  const parent = head === undefined ? '' : `parent ${head}\n`;
  const text = `tree ${tree}\n${parent}author ${who}\ncommitter ${who}\n\n${shadowMessage(head)}\n`;
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash(tree.length === 64 ? 'sha256' : 'sha1');
  return digest.update(`commit ${Buffer.byteLength(text)}\0${text}`).digest('hex');
}
