import type { InspectionEvent, Observer } from 'xstate';
import type { ProgressListener } from '../actors/progress.js';
import type { Editor } from '../plan/editor.js';
import type { PlanOrigin } from '../plan/plan.js';
import type { Notifier } from '../notify/notifier.js';
import type { Clock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Logger } from '../ports/logger.js';
import type { Spawner } from '../ports/spawner.js';
import type { RestartPort } from '../restart/restart-port.js';

/** What a host may give the service. Everything has a default. */
export interface ServiceOptions {
  /** Instead of the project's configuration file; the same keys. */
  config?: Record<string, unknown>;
  /**
   * By which entrance this service is reached. It is part of every plan made here. What comes over MCP comes from a
   * model: such plans need approval from high risk on, unless the configuration says otherwise, and no approval is
   * taken over MCP. Default `library`.
   */
  origin?: PlanOrigin;
  /** Default: warnings and errors to the console. */
  logger?: Logger;
  /** Told each milestone, besides those that the configuration names. Default: the logger with `notify.console`, or nobody. */
  notifier?: Notifier;
  /**
   * Where the values of the environment variables are that the configuration names, as `process.env`. Default: none; the
   * library reads no secrets on its own.
   */
  environment?: Readonly<Record<string, string | undefined>>;
  /**
   * The W3C `traceparent` of whoever asks for an improvement just now, for `notify.openTelemetry`. Default: the active
   * span of the SDK.
   */
  traceparent?: () => string | undefined;
  /** Asked when an improvement needs a restart. Default: a `SafeRestartService`, which finds out who can do it. */
  restart?: RestartPort;
  /** Supplies the content of changes that were planned without. Default: none, such plans are refused at execute. */
  editor?: Editor;
  /** Told what happens inside the states, as it happens. */
  onProgress?: ProgressListener;
  /** Handed to XState's `createActor`. */
  inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void);
  clock?: Clock;
  fileSystem?: FileSystem;
  spawner?: Spawner;
}
