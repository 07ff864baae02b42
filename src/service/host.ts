import type { InspectionEvent } from 'xstate';
import type { ProgressListener } from '../actors/progress.js';
import { consoleNotifier } from '../notify/console-notifier.js';
import { Notices } from '../notify/notices.js';
import type { Notice, Notifier } from '../notify/notifier.js';
import type { PlanOrigin } from '../plan/plan.js';
import { Tracing } from '../notify/telemetry/tracing.js';
import { systemClock, type Clock } from '../ports/clock.js';
import { consoleLogger } from '../ports/console-logger.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Logger } from '../ports/logger.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import type { Spawner } from '../ports/spawner.js';
import { inheritedEnvironment, nodeSpawner } from '../process/node-spawner.js';
import { noRestart } from '../restart/no-restart.js';
import type { RestartPort } from '../restart/restart-port.js';
import { maskedLogger } from '../secrets/masked-logger.js';
import { createSecretMasker, type SecretMasker } from '../secrets/secret-masker.js';
import type { ServiceOptions } from './service-options.js';

type Inspect = (event: InspectionEvent) => void;

/** The options of a service with every default filled in. */
export interface Host extends Pick<ServiceOptions, 'config'> {
  inspect: Inspect | undefined;
  origin: PlanOrigin;
  /** Masks what it is told. */
  logger: Logger;
  /** Everything that leaves the process passes through it. */
  masker: SecretMasker;
  clock: Clock;
  fileSystem: FileSystem;
  spawn: Spawner;
  notifier: Notifier | null;
  /** Tells those whom the configuration names. */
  notices: Notices;
  tracing: Tracing;
  restart: RestartPort;
  editor: ServiceOptions['editor'] | null;
  progress: ProgressListener;
}

export function toHost(options: ServiceOptions): Host {
  const { environment = {} } = options;
  const masker = createSecretMasker(inheritedEnvironment).with(environment);
  const logger = maskedLogger(options.logger ?? consoleLogger, masker);
  const clock = options.clock ?? systemClock;
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  return {
    origin: options.origin ?? 'library',
    logger,
    masker,
    clock,
    fileSystem,
    spawn: options.spawner ?? nodeSpawner,
    notifier: options.notifier ?? null,
    notices: new Notices({ fileSystem, clock, logger, environment, masker }),
    tracing: new Tracing({
      ...{ fileSystem, clock, logger },
      traceparent: options.traceparent ?? (() => undefined),
    }),
    restart: options.restart ?? noRestart(logger),
    editor: options.editor ?? null,
    progress: guarded(options.onProgress, logger),
    config: options.config,
    inspect: options.inspect && guardedObserver(options.inspect, logger),
  };
}

/** Tells people, and waits for nothing: a notifier that throws or hangs changes nothing. */
export function tell({ notifier, logger, masker }: Host, notice: Notice, toConsole: boolean): void {
  const target = notifier ?? (toConsole ? consoleNotifier(logger) : null);
  if (target === null) return;
  const report = (error: unknown) =>
    logger.warn(`[moult] the notifier failed for "${notice.title}": ${String(error)}`);
  // The call inside a promise: what it throws at once is treated as what it rejects with.
  Promise.resolve()
    .then(() => target.notify(masker.maskJsonValues(notice)))
    .catch(report);
}

/** XState calls an observer in the middle of a step: what it throws would end the machine. */
function guardedObserver(inspect: NonNullable<ServiceOptions['inspect']>, logger: Logger): Inspect {
  return (event) => {
    try {
      if (typeof inspect === 'function') inspect(event);
      else inspect.next?.(event);
    } catch (error) {
      logger.warn(`[moult] the inspector failed: ${String(error)}`);
    }
  };
}

/** A listener of the host must not be able to stop a machine. */
function guarded(listener: ProgressListener | undefined, logger: Logger): ProgressListener {
  return (event) => {
    try {
      listener?.(event);
    } catch (error) {
      logger.warn(`[moult] the progress listener failed: ${String(error)}`);
    }
  };
}
