/** The name of an action, whichever way the machine gives it: by name, as an object, as a function, or one of XState's. */
export function actionName(action: unknown): string {
  if (typeof action === 'string') return action;
  const { type, name } = action as { type?: unknown; name?: unknown };
  if (typeof type === 'string') return type.replace(/^xstate\./, '');
  return typeof name === 'string' && name !== '' && name !== 'actions' ? name : 'an action';
}
