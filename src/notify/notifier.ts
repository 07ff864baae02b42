import type { CheckResult } from '../../machines/improvement-types.js';
import type { RiskLevel } from '../plan/plan.js';

/** The steps of an improvement that people are told about, each at most once. */
export type Milestone =
  | 'planned'
  | 'approved'
  | 'started'
  | 'applied'
  | 'check_finished'
  | 'completed'
  | 'failed'
  | 'rolled_back'
  | 'cancelled'
  | 'rollback_failed'
  | 'restart_scheduled'
  | 'restarting'
  | 'confirmed'
  | 'reverted'
  | 'safe_mode';

export type Urgency = 'low' | 'normal' | 'high' | 'critical';

/** One message to people. */
export interface Notice {
  type: 'alert';
  milestone: Milestone;
  taskId: string;
  title: string;
  /** Slack's mrkdwn, as the first notifier was Slack; readable as plain text. Made of `parts`, nothing in it is escaped. */
  message: string;
  urgency: Urgency;
  /** ISO 8601. */
  timestamp: string;
  parts: NoticeParts;
  about: NoticeSubject;
}

/** What `message` is made of, for who formats it otherwise. A model may have chosen the words: none of them is markup. */
export interface NoticeParts {
  /** The name of one of Slack's emoji, without colons. */
  emoji: string;
  /** The improvement in its planner's words. */
  description: string;
  /** Plain text; lines may begin with an emoji in colons. May be empty. */
  body: string;
}

/** What a notice is about, for programs. */
export interface NoticeSubject {
  planDigest: string;
  risk: RiskLevel;
  /** The planned paths, the first 200 of them. */
  files: string[];
  fileCount: number;
  /** A person has to approve the plan before it is executed. */
  waitsForApproval: boolean;
  /** The check that has finished; for any other milestone, all that have. */
  checks: Pick<CheckResult, 'name' | 'required' | 'status' | 'exitCode' | 'durationMs'>[];
  /** The log of the check that failed; null where none did, or where the notice is about something else. */
  log: NoticeLog | null;
}

export interface NoticeLog {
  check: string;
  /** The last lines of its output. */
  tail: string;
  /** The whole output, relative to the state directory; null where nothing ran. */
  path: string | null;
}

/** Tells people. It is never waited for, and whatever it does changes nothing for the improvement. */
export interface Notifier {
  notify(notice: Notice): Promise<void> | void;
}
