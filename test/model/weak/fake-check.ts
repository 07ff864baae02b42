import { EventEmitter } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import type { Spawner } from '../../../src/index.js';

/** A spawner whose every program ends at once, with exit code 0 for `good` and 1 for `bad`; on a disk in memory none could run. */
export function fakeCheck(onRun: () => void = () => undefined): Spawner {
  return (command) => {
    const child = new EventEmitter() as EventEmitter & {
      stdout: null;
      stderr: null;
      stdin: null;
      unref(): void;
    };
    Object.assign(child, { stdout: null, stderr: null, stdin: null, unref: () => undefined });
    queueMicrotask(() => {
      onRun();
      const code = command === 'good' ? 0 : 1;
      child.emit('exit', code, null);
      child.emit('close', code, null);
    });
    return child as unknown as ChildProcess;
  };
}
