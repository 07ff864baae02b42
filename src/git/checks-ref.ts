import { checkpointRef } from './checkpoint-ref.js';

/** The name, below `refs/checkpoints/`, of the working tree as it was when a task's checks began. */
export const checksRef = (taskId: string): string => `${checkpointRef(taskId)}-checks`;
