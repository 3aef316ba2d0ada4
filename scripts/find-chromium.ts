import { accessSync, constants, existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

// The shell draws pages and no windows around them: tests take half the processor time.
const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium on this machine: the one CHROMIUM_PATH names, one on the PATH, or one that Playwright has downloaded. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/snap/bin',
  ];
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places, ...downloaded()].find(isProgram);
}

function downloaded(): string[] {
  const home = process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(homedir(), '.cache', 'ms-playwright');
  const folders = [home, join(homedir(), 'Library', 'Caches', 'ms-playwright')].filter(existsSync);
  const inside = [
    'chromium-*/chrome-linux*/chrome',
    'chromium_headless_shell-*/chrome-*/*headless[-_]shell',
    'chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium',
  ];
  return folders.flatMap((folder) =>
    globSync(inside, { cwd: folder })
      .map((name) => join(folder, name))
      .sort()
      .reverse(),
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
