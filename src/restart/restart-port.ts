/** What the host is asked when an improvement needs a restart. */
export interface RestartRequest {
  taskId: string;
  reason: string;
  delayMs: number;
  /** The seed's field: whether a person should be told. */
  notifySlack: boolean;
}

/** How the host restarts its program. The engine only asks; it never ends a process of the host. */
export interface RestartPort {
  /** Called at most once for an improvement. What it throws is reported; the change stays. */
  scheduleRestart(request: RestartRequest): Promise<void> | void;
}
