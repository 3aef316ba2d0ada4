/** What is used of yazl, which comes without types. */
declare module 'yazl' {
  import type { EventEmitter } from 'node:events';

  export class ZipFile extends EventEmitter {
    readonly outputStream: NodeJS.ReadableStream;
    /** Adds a file of the disk; it is read when its turn comes. */
    addFile(
      path: string,
      name: string,
      options: { mtime: Date; forceDosTimestamp: boolean; mode: number; compress: boolean },
    ): void;
    end(): void;
  }
}
