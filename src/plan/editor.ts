/** What the editor is asked: one change that was planned without content. */
export interface EditRequest {
  taskId: string;
  file: string;
  type: 'create' | 'modify';
  description: string;
  /** The file as it is; null for a new one. */
  before: Uint8Array | null;
  /** Aborted when the improvement is cancelled; an answer is not used any more then. */
  signal: AbortSignal;
}

/** The host's own way to write code, asked when the improvement is executed. */
export interface Editor {
  /** Answers the whole new file. */
  edit(request: EditRequest): Promise<{ content: string | Uint8Array }>;
}
