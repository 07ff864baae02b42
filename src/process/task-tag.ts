/** Environment variable that marks every process started for a task; its value is the task's id. */
export const taskTag = 'MOULT_TASK';
