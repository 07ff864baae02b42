import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attackGround, type AttackGround } from './attack-ground.js';

let ground: AttackGround;
beforeEach(async () => {
  ground = await attackGround();
  await ground.remember();
});
afterEach(() => ground.remove());

interface Abuse {
  name: string;
  /** For a shell; `$1` is the folder outside. */
  script: string;
  status: string;
  timeoutMs?: number;
}

const pidOf = 'echo $! > "$OUT/pid"';
const abuses: Abuse[] = [
  {
    name: 'a check that ignores SIGTERM',
    script: "trap '' TERM; while :; do sleep 0.1; done",
    status: 'timed_out',
    timeoutMs: 700,
  },
  { name: 'a check that leaves a process behind', script: `sleep 300 & ${pidOf}; exit 1`, status: 'failed' },
  {
    name: 'a check whose grandchild holds the pipe open',
    script: `(sleep 300 & ${pidOf}); echo done; exit 1`,
    status: 'failed',
  },
  {
    name: 'a check that moves to a session of its own',
    script: `setsid sh -c 'echo $$ > "$OUT/pid"; exec sleep 300' & sleep 0.5; exit 1`,
    status: 'failed',
  },
  {
    name: 'a check that writes without an end',
    script: 'yes 0123456789abcdef',
    status: 'timed_out',
    timeoutMs: 3_000,
  },
  {
    name: 'a check that writes one line without an end',
    script: "yes | tr -d '\\n'",
    status: 'timed_out',
    timeoutMs: 2_000,
  },
  {
    name: 'a fork bomb within its limits',
    script: 'ulimit -v 2000000; for i in $(seq 60); do sleep 300 & done; exit 1',
    status: 'failed',
  },
  {
    name: 'a check that closes its output and goes on',
    script: 'exec >&- 2>&-; sleep 300',
    status: 'timed_out',
    timeoutMs: 700,
  },
  { name: 'a check that asks', script: 'read answer; exit 1', status: 'failed' },
];

describe('ends, and leaves nothing:', () => {
  it.each(abuses)(
    '$name',
    async ({ script, status, timeoutMs }) => {
      const env = { OUT: ground.outside };
      const check = {
        name: 'abuse',
        type: 'custom',
        shell: true,
        command: script,
        env,
        ...(timeoutMs ? { timeoutMs } : {}),
      };
      const service = ground.service({ config: { checks: [check] } });
      const taskId = await service.planImprovement({
        description: 'x',
        targetFiles: [],
        requiresRestart: false,
        changes: [{ file: 'src/a.ts', type: 'modify', content: 'changed\n' }],
      });
      const before = process.memoryUsage.rss();
      const result = await service.executeImprovement();
      expect(result).toMatchObject({ status: 'rolled_back', checks: [{ status }] });
      expect(result.checks[0]!.output.length).toBeLessThanOrEqual(4_000);
      // The log and what waits to be written to it are bounded, whatever was written.
      expect(process.memoryUsage.rss() - before).toBeLessThan(512 * 2 ** 20);
      const { folder } = await service.describeImprovement(taskId);
      for (const log of fs.readdirSync(`${folder}/logs`))
        expect(fs.statSync(`${folder}/logs/${log}`).size).toBeLessThan(65 * 2 ** 20);
      const pid = `${ground.outside}/pid`;
      if (fs.existsSync(pid)) expect(isAlive(Number(fs.readFileSync(pid, 'utf8')))).toBe(false);
      fs.rmSync(pid, { force: true });
      await ground.expectUntouched();
    },
    60_000,
  );
});

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has waited for yet does nothing any more.
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
