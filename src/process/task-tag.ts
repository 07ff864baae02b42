/** Environment variable that marks every process started for a task; its value is that of `taskMark`. */
export const taskTag = 'MOULT_TASK';
