import type { RestartSettings } from '../../machines/restart-types.js';
import type { Boot } from '../restart/restart-schemas.js';
import type { ProgramControl } from './program-control.js';

/** The program as seen from a process that runs before it: it does not run yet, and somebody else will start it. */
export class OuterControl implements ProgramControl {
  private handOver: () => void = () => undefined;
  /** Resolves when everything is ready for the start. */
  readonly handedOver = new Promise<void>((resolve) => (this.handOver = resolve));

  drain(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  /** What comes of it is not seen from here. */
  start(_: Boot, __: RestartSettings, signal: AbortSignal): Promise<void> {
    this.handOver();
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  }

  watch(): Promise<void> {
    return Promise.reject(new Error('The program does not run yet'));
  }
}
