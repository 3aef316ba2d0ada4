import { openBlocks } from '../blocks.ts';
import { Pages } from './pages.ts';

// Before any element of ours starts: it reads the address, and data files from here.
new Pages(openBlocks(document)).start(document.body.dataset['first'] ?? 'index.html');
