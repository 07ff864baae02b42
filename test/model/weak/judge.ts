import { editedText, type WeakOutcome, type WeakScenario } from './weak-run.js';

/** What of the promises did not hold, in words; empty where all did. */
export function judge(scenario: WeakScenario, outcome: WeakOutcome): string[] {
  const { before, planned, tree, said, recovered, nextError, edited } = outcome;
  const problems: string[] = [];
  const exempt = edited && scenario.edit ? [`src/${scenario.edit.file}`] : [];
  const isBefore = isSame(tree, before, exempt);
  const isPlanned = isSame(tree, planned, exempt);
  if (!isBefore && !isPlanned) problems.push(`neither before nor after: ${JSON.stringify(tree)}`);
  const ends = [...(said ? [said] : []), ...recovered].map(({ status }) => status);
  const completed = ends.includes('completed');
  if (completed && !isPlanned) problems.push('completed was said, and the files are not as planned');
  if (said && !completed && !isBefore)
    problems.push(`${said.status} was said, and the files are not as before`);
  // What an error kept from being put back is put back by the next process.
  if (outcome.end === 'rollback_failed') problems.push('the rollback failed');
  if (!mayComplete(scenario) && completed) problems.push('completed was said of what must not be kept');
  if (nextError !== null) problems.push(`the next plan was refused: ${nextError}`);
  if (edited && !outcome.everything.some((entry) => entry.endsWith(editedText)))
    problems.push("the person's bytes are gone");
  return problems;
}

function mayComplete({ checkPasses, cancels }: WeakScenario): boolean {
  return checkPasses && !cancels;
}

function isSame(tree: Record<string, string>, expected: Record<string, string>, exempt: string[]): boolean {
  const paths = new Set([...Object.keys(tree), ...Object.keys(expected)]);
  return [...paths].every((path) => exempt.includes(path) || tree[path] === expected[path]);
}
