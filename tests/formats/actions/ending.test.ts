import { describe, expect, it } from 'vitest';
import { type Ending, errorOfEnding, statusOfEnding } from '../../../collector/formats/actions/ending.ts';
import { lastErrorLine } from '../../../collector/formats/actions/error-line.ts';

describe('statusOfEnding', () => {
  it.each<[Ending, string]>([
    [{ exitCode: 0 }, 'completed'],
    [{ exitCode: 0, interruptedBy: 'SIGTERM' }, 'completed'],
    [{ exitCode: 1 }, 'failed'],
    [{ exitCode: 128 }, 'failed'],
    [{ exitCode: 255 }, 'failed'],
    [{ exitCode: 1, interruptedBy: 'SIGINT' }, 'aborted'],
    [{ signal: 'SIGKILL' }, 'aborted'],
    [{ signal: 'SIGTERM', exitCode: 143 }, 'aborted'],
    [{ signal: 'SIGXCPU' }, 'aborted'],
    [{ signal: 'SIGSEGV' }, 'failed'],
    [{ signal: 'SIGABRT', interruptedBy: 'SIGINT' }, 'failed'],
    [{ exitCode: 137 }, 'aborted'],
    [{ exitCode: -9 }, 'aborted'],
    [{ exitCode: 143 }, 'aborted'],
    [{ exitCode: 139 }, 'failed'],
    [{ exitCode: null }, 'failed'],
  ])('%j is %s', (ending, status) => {
    expect(statusOfEnding(ending)).toBe(status);
    expect(errorOfEnding(ending) === undefined).toBe(status === 'completed');
  });

  it('gives a reason with a failure, and none with what was killed from outside', () => {
    expect(errorOfEnding({ exitCode: 1 }, 'ValueError: x')).toBe('ValueError: x (exit code 1)');
    expect(errorOfEnding({ signal: 'SIGKILL' }, 'step 3')).toBe('The command was ended by SIGKILL.');
  });
});

describe('lastErrorLine', () => {
  it.each<[string, string, string]>([
    [
      'Python',
      'epoch 1\nTraceback (most recent call last):\n  File "t.py", line 3, in <module>\n    f()\nValueError: bad shape',
      'ValueError: bad shape',
    ],
    [
      'Python without a message',
      'Traceback (most recent call last):\n  File "t.py", line 1\nKeyboardInterrupt',
      'KeyboardInterrupt',
    ],
    [
      'Python within make',
      'Traceback (most recent call last):\ntorch.cuda.OutOfMemoryError: CUDA out of memory\nmake: *** [Makefile:3: train] Error 1',
      'torch.cuda.OutOfMemoryError: CUDA out of memory',
    ],
    [
      'a chain of exceptions',
      'KeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nRuntimeError: second',
      'RuntimeError: second',
    ],
    [
      'Node',
      "node:internal/modules:1\n  throw err;\n  ^\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'\n    at load (node:x:1:2)\n    at y\n\nNode.js v24.0.0",
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'x'",
    ],
    [
      'Rust',
      "thread 'main' panicked at src/main.rs:2:5:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1`",
      'index out of bounds',
    ],
    [
      'Go',
      'panic: no value\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:3\nexit status 2',
      'panic: no value',
    ],
    [
      'Java',
      'Exception in thread "main" java.lang.IllegalStateException: x\n\tat A.main(A.java:1)',
      'Exception in thread "main" java.lang.IllegalStateException: x',
    ],
    ['a shell', 'sh: 1: trainn: not found', 'sh: 1: trainn: not found'],
    ['a compiler', "a.c:1:2: error: expected ';'\n    1 | x\n      |  ^", "a.c:1:2: error: expected ';'"],
    ['git', 'Cloning …\nfatal: not a git repository', 'fatal: not a git repository'],
    ['anything else', 'loading\nno such column\n\n', 'no such column'],
  ])('%s', (_, text, line) => {
    expect(lastErrorLine(text.split('\n'))).toBe(line);
  });

  it('takes what standard output tells only where it is an error, and bounds it', () => {
    expect(lastErrorLine([], ['step 1', 'step 2'])).toBeUndefined();
    expect(lastErrorLine([], ['Error: disk gone', 'bye'])).toBe('Error: disk gone');
    expect(lastErrorLine([`x${'y'.repeat(1000)}`])!.length).toBeLessThan(410);
  });
});
