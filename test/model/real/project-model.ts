import type { PlannedChange } from '../../../src/index.js';

/** Who wrote the bytes that stand there. */
type Owner = 'user' | 'moult';

/** One file as the model knows it. */
export interface ModelFile {
  text: string;
  isExecutable: boolean;
  owner: Owner;
}

export type ModelFiles = Map<string, ModelFile>;

/** The improvement the model knows of last. */
interface ModelImprovement {
  state: 'ready' | 'awaiting_confirmation' | 'completed' | 'ended';
  requiresRestart: boolean;
  changes: PlannedChange[];
  /** The planned paths as they were when the plan was made. */
  before: Map<string, ModelFile | null>;
  /** The planned paths as they shall be. */
  after: Map<string, ModelFile | null>;
}

/** What the project must look like: which bytes and which mode each file has and from whom, and on which branch. */
export interface ProjectModel {
  files: ModelFiles;
  branch: string;
  /** What each branch has committed. */
  commits: Map<string, ModelFiles>;
  improvement: ModelImprovement | null;
}

export function newModel(files: ModelFiles): ProjectModel {
  return { files, branch: 'main', commits: new Map([['main', new Map(files)]]), improvement: null };
}

export function isClean({ files, commits, branch }: ProjectModel): boolean {
  const committed = commits.get(branch) ?? new Map<string, ModelFile>();
  return (
    files.size === committed.size &&
    [...files].every(([path, file]) => isSame(file, committed.get(path) ?? null))
  );
}

export function isSame(one: ModelFile | null, other: ModelFile | null): boolean {
  return one?.text === other?.text && one?.isExecutable === other?.isExecutable;
}

/** Whether every planned path is as the given images say. */
export function pathsAre(files: ModelFiles, images: ReadonlyMap<string, ModelFile | null>): boolean {
  return [...images].every(([path, image]) => isSame(files.get(path) ?? null, image));
}

export function put(files: ModelFiles, images: ReadonlyMap<string, ModelFile | null>): void {
  for (const [path, image] of images) {
    if (image) files.set(path, image);
    else files.delete(path);
  }
}

/** The user's bytes that stood in the project once, do so no more, and are no before-image of what is in place now. */
export function goneWorkOfUser(was: ModelFiles, { files, improvement }: ProjectModel): string[] {
  const isInPlace = improvement?.state === 'completed' || improvement?.state === 'awaiting_confirmation';
  return [...was].flatMap(([path, file]) => {
    if (file.owner !== 'user' || files.get(path)?.text === file.text) return [];
    const isKept = isInPlace && improvement.before.get(path)?.text === file.text;
    // moult cannot know who wrote the very bytes that it wrote.
    const isOurs = improvement?.after.get(path)?.text === file.text;
    return isKept || isOurs ? [] : [file.text];
  });
}
