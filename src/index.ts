export { getSelfImprovementService, resetSelfImprovementService } from './current-service.js';
export { SelfImprovementService } from './self-improvement-service.js';
export {
  SafeRestartService,
  getSafeRestartService,
  resetSafeRestartService,
  getRestartInfo,
  type SafeRestartOptions,
  type ScheduleRestartRequest,
} from './safe-restart-service.js';
export { createGuard } from './supervision/create-guard.js';
export type { Guard, GuardEnd, GuardOptions } from './supervision/guard.js';
export type { RestartInfo, RestartStatus } from './supervision/restart-info.js';
export type { ShutdownCallback } from './supervision/shutdown-callbacks.js';
export type { OwnProgram } from './process/own-program.js';
export type * from '../machines/restart-types.js';
export type { Readiness, RestartConfig, RestartStrategy } from './config/restart-config.js';
export { improvementMachine } from '../machines/improvement-machine.js';
export { MoultError } from './errors/moult-error.js';
export type { ErrorCode, InputIssue } from './errors/error-table.js';
export { consoleNotifier } from './notify/console-notifier.js';
export { noRestart } from './restart/no-restart.js';
export { consoleLogger } from './ports/console-logger.js';
export { systemClock } from './ports/clock.js';
export { nodeFileSystem } from './ports/node-file-system.js';
export { nodeSpawner } from './process/node-spawner.js';
export type * from './improvement.js';
export type * from '../machines/improvement-types.js';
export type { ImprovementActor } from './actors/snapshot-keeper.js';
export type { ProgressEvent, ProgressListener } from './actors/progress.js';
export type { MoultConfig } from './config/parse-config.js';
export {
  slackInteractions,
  type Decider,
  type SlackInteractionsOptions,
} from './notify/slack/slack-interactions.js';
export type { NoticeTest } from './notify/send-test-notices.js';
export type {
  Milestone,
  Notice,
  NoticeLog,
  NoticeParts,
  NoticeSubject,
  Notifier,
  Urgency,
} from './notify/notifier.js';
export type { Editor, EditRequest } from './plan/editor.js';
export type { FileRisk, Plan, PlannedPath, PlanOrigin, RiskLevel, FileImage } from './plan/plan.js';
export type { Clock } from './ports/clock.js';
export type { DirectoryHandle, FileSystem } from './ports/file-system.js';
export type { Logger } from './ports/logger.js';
export type { Spawner } from './ports/spawner.js';
export type { RestartPort, RestartRequest } from './restart/restart-port.js';
export type { Decision } from './service/decision.js';
export type { ImprovementDetails } from './service/describe-task.js';
export type { Recovered } from './service/recover-tasks.js';
export type { Garbage } from './service/remove-old-tasks.js';
export type { ServiceOptions } from './service/service-options.js';
