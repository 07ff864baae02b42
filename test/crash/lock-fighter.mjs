// A contender for the lock, told what to do over its channel; answers with { done: true, … }. See lock-fights.mjs.
// usage: fork of lock-fighter.mjs LOCK-MODULE
import { appendFileSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './is-alive.mjs';

const { Lock, nodeFileSystem: fileSystem } = await import(process.argv[2]);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let held = null;

const orders = {
  /** Until it has held the lock `turns` times, or may not any more. */
  async fight({ directory, turns, holdMs, patienceMs, pauseMs = 3 }) {
    const tokens = [];
    const codes = {};
    const deadline = performance.now() + patienceMs;
    while (tokens.length < turns && performance.now() < deadline) {
      try {
        const lock = await Lock.acquire({ fileSystem, directory: join(directory, 'lock') });
        await inside(directory, lock, holdMs);
        tokens.push(lock.token);
        await lock.release();
      } catch (error) {
        if (!error.code?.startsWith('LOCK_')) throw error;
        codes[error.code] = (codes[error.code] ?? 0) + 1;
        await sleep(Math.random() * pauseMs);
      }
    }
    return { tokens, codes };
  },
  /** Takes it and stays in. */
  async hold({ directory, takeOverForeign }) {
    held = await Lock.acquire({ fileSystem, directory: join(directory, 'lock'), takeOverForeign });
    return { token: held.token };
  },
  /** One try. */
  async attempt({ directory, takeOverForeign }) {
    const lock = await Lock.acquire({ fileSystem, directory: join(directory, 'lock'), takeOverForeign });
    await inside(directory, lock, 1);
    await lock.release();
    return { token: lock.token };
  },
  /** A write as the engine writes: only after it has asked whether it may. */
  async write({ directory }) {
    await held.assertHeld();
    appendFileSync(join(directory, 'written'), `${process.pid}\n`);
    return {};
  },
  async release() {
    await held.release();
    return {};
  },
};

/** Alone, which a name that only one can link proves. One who died inside leaves it behind. */
async function inside(directory, lock, holdMs) {
  const witness = join(directory, 'witness');
  const own = `${witness}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, witness);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const other = Number(readFileSync(witness, 'utf8'));
    if (isAlive(other)) throw new Error(`two holders: ${process.pid} and ${other}`);
    unlinkSync(witness);
    linkSync(own, witness);
  }
  appendFileSync(join(directory, 'tokens'), `${lock.token}\n`);
  await sleep(Math.random() * holdMs);
  await lock.assertHeld();
  unlinkSync(witness);
}

process.on('message', async ({ order, ...about }) => {
  try {
    process.send({ ...(await orders[order](about)) });
  } catch (error) {
    process.send({ code: error.code ?? null, message: error.message, stack: error.stack });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
