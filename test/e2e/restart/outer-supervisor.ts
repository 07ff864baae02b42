import type { SupervisedProject } from './supervised-project.js';
import type { Service } from './service-commands.js';

/** Starts a program again and again, as systemd, Docker and others do. */
export class OuterSupervisor {
  /** What was run and how it ended, in order: `before` or `main`, and the exit code. */
  readonly ends: [kind: 'before' | 'main', exitCode: number | null][] = [];
  /** How often the program itself was started. */
  starts = 0;
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

  private async loop(): Promise<void> {
    const { before, main, startsAgain } = this.service;
    for (;;) {
      for (const command of before) {
        const code = await this.run('before', command);
        // Whoever is refused asks again; here it is known what is answered.
        if (code !== 0 || this.project.isRemoved) return;
      }
      this.starts += 1;
      const code = await this.run('main', main);
      if (this.project.isRemoved || !startsAgain(code)) return;
    }
  }

  private async run(kind: 'before' | 'main', [command = '', ...args]: string[]): Promise<number | null> {
    const { code } = await this.project.spawn(command, args, this.service.env).ended;
    this.ends.push([kind, code]);
    return code;
  }
}
