import { openFileBackend } from '../../../collector/store/versions/file-backend.ts';
import { temporaryFolder } from '../../helpers.ts';
import { describeBackend } from './backend-contract.ts';
import { createMemoryBackend } from './memory-backend.ts';

describeBackend('file system', () => {
  const folder = temporaryFolder();
  return { backend: openFileBackend(folder), again: () => openFileBackend(folder) };
});

describeBackend('flushing file system', () => {
  const folder = temporaryFolder();
  const open = () => openFileBackend(folder, { durability: 'sync' });
  return { backend: open(), again: open };
});

describeBackend('memory', () => {
  const backend = createMemoryBackend();
  return { backend, again: () => backend };
});
