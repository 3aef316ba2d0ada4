import { runAction } from './github-action/run-action.ts';

// The step of a workflow, and once more at the end of the job: action.yml names this program for both.
runAction({ env: process.env, write: (text) => void process.stdout.write(text) }).then((exitCode) => {
  process.exitCode = exitCode;
});
