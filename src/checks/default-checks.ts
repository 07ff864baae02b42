import type { ValidationCheck } from '../improvement.js';
import type { FileSystem } from '../ports/file-system.js';
import { readPackageScripts } from './read-package-scripts.js';

const candidates: ValidationCheck[] = [
  { name: 'TypeScript Build', type: 'build', required: true },
  { name: 'Linting', type: 'lint', required: true },
  { name: 'Unit Tests', type: 'test', required: true },
];

/**
 * What judges a change in a project that says nothing about it: those of its scripts build, lint and test that exist.
 * May be empty, and then nothing can pass.
 *
 * @throws MoultError CONFIG_UNREADABLE for a package.json that is not JSON.
 */
export async function defaultChecks(project: {
  fileSystem: Pick<FileSystem, 'readFile'>;
  root: string;
  /** Leaves out the test script. */
  skipTests: boolean;
}): Promise<ValidationCheck[]> {
  const scripts = await readPackageScripts(project.fileSystem, project.root);
  return candidates
    .filter(({ type }) => scripts.has(type) && !(project.skipTests && type === 'test'))
    .map((check) => ({ ...check }));
}
