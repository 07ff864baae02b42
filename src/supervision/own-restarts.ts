import type { RestartInput } from '../../machines/restart-types.js';
import type { OwnProgram } from '../process/own-program.js';
import type { Lock } from '../store/lock.js';
import { ChildControl } from './child-control.js';
import type { ChosenStrategy } from './choose-strategy.js';
import { OwnControl } from './own-control.js';
import { prepareStart } from './preboot.js';
import { RespawnControl } from './respawn-control.js';
import { RestartRunner, type RestartBeginning } from './restart-runner.js';
import { settingsOf, type RestartSite } from './restart-site.js';
import type { ShutdownCallbacks } from './shutdown-callbacks.js';

/** What the program ends with when it must not be started again. */
const safeModeExitCode = 78;
const pollMs = 250;

/** The restarts of a program that no guard looks after: it does so itself, from inside. Holds the lock of its restarts. */
export class OwnRestarts {
  private runner: RestartRunner | null = null;
  private hasSaidReady = false;

  constructor(
    private readonly site: RestartSite,
    readonly lock: Lock,
    private readonly program: OwnProgram,
    private readonly callbacks: ShutdownCallbacks,
  ) {}

  /** The program says that it is ready. */
  ready(): void {
    this.hasSaidReady = true;
  }

  /**
   * Goes on with the restart because of which this process was started.
   *
   * @throws SAFE_MODE where it must not run.
   */
  async goOn(): Promise<void> {
    const { store, config } = this.site;
    const boot = await store.readBoot();
    if (boot?.by === 'preboot' && !boot.isClaimed) await store.writeBoot({ ...boot, isClaimed: true });
    // Nobody counted this start. Late is better than never; what does not come so far is not counted.
    else await prepareStart(this.site, this.lock, null);
    const now = await store.readBoot();
    // The change was taken back just now, while its code runs already.
    if (now?.kind === 'fallback' && now !== boot && !(boot?.by === 'preboot' && !boot.isClaimed))
      return this.program.exit(config.exitCode);
    const record = await store.readRecord();
    if (record?.snapshot.status === 'active') this.perform({ record }, this.ownControl());
  }

  /** Takes up a restart that was asked for. */
  begin(input: RestartInput, { strategy }: ChosenStrategy): void {
    if (this.runner) return;
    this.perform({ input }, strategy === 'respawn' ? this.respawnControl() : this.ownControl());
  }

  /** Takes up what other processes ask for, as a command line does. It keeps no program alive. */
  watchRequests(chosen: ChosenStrategy): void {
    const report = (error: Error) => this.site.host.logger.warn(`[moult] ${error.message}`);
    setInterval(() => void this.takeUpRequest(chosen).catch(report), pollMs).unref();
  }

  private async takeUpRequest(chosen: ChosenStrategy): Promise<void> {
    const { store, config } = this.site;
    const request = this.runner ? null : await store.readRequest();
    if (!request || this.runner) return;
    if ((await store.readRecord())?.restartId === request.restartId) return store.removeRequest();
    this.begin({ ...request, settings: settingsOf(config) }, chosen);
  }

  get isAtWork(): boolean {
    return this.runner !== null;
  }

  private perform(beginning: RestartBeginning, control: OwnControl | RespawnControl): void {
    const { site, lock, program } = this;
    const runner = new RestartRunner({ site, lock, control, startedBy: 'program' }, beginning);
    this.runner = runner;
    const work = async () => {
      await runner.start();
      await runner.isOnDisk();
      await site.store.removeRequest();
      const state = await runner.reached();
      this.runner = null;
      if (state === 'safe_mode') return program.exit(safeModeExitCode);
      if (control instanceof RespawnControl && state !== 'cancelled') {
        await lock.release();
        program.exit(0);
      }
    };
    work().catch((error: Error) => {
      this.runner = null;
      site.host.logger.error(`[moult] the restart failed: ${error.message}`);
    });
  }

  private ownControl(): OwnControl {
    return new OwnControl(this.site, this.program, this.callbacks, () => this.hasSaidReady);
  }

  private respawnControl(): RespawnControl {
    const exited = (message: string) => this.runner?.send({ type: 'PROGRAM_EXITED', message });
    return new RespawnControl(new ChildControl(this.site, this.program.command(), exited), this.callbacks);
  }
}
