import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseBooks, readFleet } from '../../../collector/operations/site/fleet-books.ts';
import { temporaryBook } from '../../helpers.ts';

const cwd = resolve('/work');

describe('books named on a command line', () => {
  it('are folders from where one stands', () => {
    expect(parseBooks(['a=../a', 'B.2=/srv/b', 'c_3=x=y'], cwd)).toEqual([
      { name: 'a', root: resolve(cwd, '../a') },
      { name: 'B.2', root: resolve('/srv/b') },
      { name: 'c_3', root: resolve(cwd, 'x=y') },
    ]);
  });

  it.each([
    [['a'], 'Expected --book name=folder, found --book a.'],
    [['=x'], 'Expected --book name=folder, found --book =x.'],
    [['a='], 'Expected --book name=folder, found --book a=.'],
    [['a=x', 'a=y'], 'Expected a name of its own for each book, found "a" and "a".'],
    [['Box=x', 'box=y'], 'Expected a name of its own for each book, found "Box" and "box".'],
    [['../a=x'], 'Expected a name of letters, digits, ".", "_" and "-" for each book, found "../a".'],
    [['..=x'], 'Expected a name of letters, digits, ".", "_" and "-" for each book, found "..".'],
    [['a.=x'], 'Expected a name of letters, digits, ".", "_" and "-" for each book, found "a.".'],
    [['ü=x'], 'Expected a name of letters, digits, ".", "_" and "-" for each book, found "ü".'],
    [['API=x'], 'Expected another name for the book "API": the site has this one for its own files.'],
    [['nul=x'], 'Expected another name for the book "nul": the site has this one for its own files.'],
    [
      ['index.html=x'],
      'Expected another name for the book "index.html": the site has this one for its own files.',
    ],
  ])('are refused where no folder of the site can be called so: %j', (given, message) => {
    expect(() => parseBooks(given, cwd)).toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });
});

describe('books that daybook.yaml lists', () => {
  const listed = (yaml: string) => {
    const root = temporaryBook({ 'daybook.yaml': yaml });
    return { root, fleet: readFleet(root) };
  };

  it('are folders from where it lies, with what it says of their page', async () => {
    const { root, fleet } = listed(
      'title: Machines\nsite: { address: "https://a.example/b", leaveOut: [feeds] }\nbooks:\n  here: .\n  gpu: ../gpu\n',
    );
    expect(await fleet).toEqual({
      books: [
        { name: 'here', root },
        { name: 'gpu', root: join(root, '../gpu') },
      ],
      title: 'Machines',
      address: 'https://a.example/b/',
      leaveOut: ['feeds'],
    });
  });

  it('are none where it lists none', async () => {
    expect(await listed('title: x\n').fleet).toBeUndefined();
    expect(await listed('books: {}\n').fleet).toBeUndefined();
  });

  it.each([
    ['books: [a, b]\n', /^Expected .* for books in daybook\.yaml, found \["a","b"\]\.$/],
    ['title: x\nbooks:\n  a: 5\n', /^Expected .* for books\.a in daybook\.yaml, found 5\.$/],
    ['books:\n  "a b": ../a\n', /found "a b"\.$/],
  ])('are not left out in silence where they cannot be understood: %j', async (yaml, message) => {
    await expect(listed(yaml).fleet).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: 2,
    });
  });
});
