import type { Running, SupervisedProject } from './supervised-project.js';
import type { Service } from './service-commands.js';

/** Starts a program again and again, as systemd, Docker and others do. */
export class OuterSupervisor {
  /** What was run and how it ended, in order: `before` or `main`, and the exit code. */
  readonly ends: [kind: 'before' | 'main', exitCode: number | null][] = [];
  /** How often the program itself was started. */
  starts = 0;
  private isStopped = false;
  private current: Running | null = null;
  private readonly over: Promise<void>;

  constructor(
    private readonly project: SupervisedProject,
    private readonly service: Service,
  ) {
    this.over = this.loop();
  }

  /** Resolves when it starts nothing more by itself. */
  async atRest(): Promise<void> {
    await this.over;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.current?.process.kill('SIGTERM');
    await this.over;
    // What stands between, as a shell or npm does, may have left the program behind.
    await this.project.killPrograms();
  }

  private async loop(): Promise<void> {
    const { before, main, startsAgain } = this.service;
    for (;;) {
      for (const command of before) {
        const code = await this.run('before', command);
        // Whoever is refused asks again; here it is known what is answered.
        if (code !== 0) return;
      }
      if (this.isStopped) return;
      this.starts += 1;
      const code = await this.run('main', main);
      if (this.isStopped || !startsAgain(code)) return;
    }
  }

  private async run(kind: 'before' | 'main', [command = '', ...args]: string[]): Promise<number | null> {
    this.current = this.project.spawn(command, args, this.service.env);
    const { code } = await this.current.ended;
    this.ends.push([kind, code]);
    return code;
  }
}
