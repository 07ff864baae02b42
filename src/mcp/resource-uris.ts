/** The resources of a project's improvements. */
export const uriTemplates = {
  history: 'moult://improvements',
  improvement: 'moult://improvements/{taskId}',
  plan: 'moult://improvements/{taskId}/plan',
  diff: 'moult://improvements/{taskId}/diff',
  log: 'moult://improvements/{taskId}/checks/{check}/log',
} as const;

export const uriOf = {
  improvement: (taskId: string) => `moult://improvements/${taskId}`,
  plan: (taskId: string) => `moult://improvements/${taskId}/plan`,
  diff: (taskId: string) => `moult://improvements/${taskId}/diff`,
  log: (taskId: string, check: string) =>
    `moult://improvements/${taskId}/checks/${encodeURIComponent(check)}/log`,
};
