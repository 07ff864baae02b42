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
  | 'confirmed';

/** One message to people. */
export interface Notice {
  type: 'alert';
  milestone: Milestone;
  taskId: string;
  title: string;
  /** Slack's mrkdwn, as the first notifier was Slack; readable as plain text. */
  message: string;
  urgency: 'low' | 'normal' | 'high' | 'critical';
  /** ISO 8601. */
  timestamp: string;
}

/** Tells people. It is never waited for, and whatever it does changes nothing for the improvement. */
export interface Notifier {
  notify(notice: Notice): Promise<void> | void;
}
