import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { repositoryRoot } from './repository-root.ts';

/** Ends a test run with one plain line, "N passed, N failed", and keeps it in test-output/counts.txt for CI. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      let tests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state === 'pending' ? 'failed' : state] += 1;
        tests += 1;
      }
      // A file that could not be loaded has no tests, and is a failure.
      if (module.state() === 'failed' && (tests === 0 || module.errors().length > 0)) count.failed += 1;
    }
    const line = `${count.passed} passed, ${count.failed} failed`;
    mkdirSync(join(repositoryRoot, 'test-output'), { recursive: true });
    writeFileSync(join(repositoryRoot, 'test-output', 'counts.txt'), `${line}\n`);
    // After the default reporter's summary, which is printed in the same event.
    process.once('exit', () => {
      if (count.skipped > 0) console.log(`${count.skipped} skipped: they need another user or program`);
      console.log(line);
    });
  }
}
