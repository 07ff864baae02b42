import * as path from 'node:path';
import { MoultError } from '../errors/moult-error.js';
import type { MoultConfig } from '../config/parse-config.js';
import type { ImprovementRequest, PlannedChange, ValidationCheck } from '../improvement.js';
import type { FileSystem } from '../ports/file-system.js';
import { letOthersRun } from '../ports/let-others-run.js';
import { matchesRestartTrigger } from '../restart/matches-restart-trigger.js';
import { forEachPath } from '../workspace/for-each-path.js';
import { pathImage } from '../workspace/path-image.js';
import { sameImage } from '../workspace/read-image.js';
import { assessRisk, joinAssessments, type RiskAssessment } from './assess-risk.js';
import { globMatcher } from './glob-matcher.js';
import { lookIntoChange } from './look-into-change.js';
import { requireDistinctPaths } from './require-distinct-paths.js';
import { planAfter, type PlannedAfter } from './plan-after.js';
import { planDigest } from './plan-digest.js';
import type { FileImage, Plan, PlannedPath, PlanOrigin } from './plan.js';
import { parseProjectPath } from './parse-project-path.js';
import { requireFewFiles, requireReadable, requireSmallContents } from './require-within-limits.js';

export interface PlanSituation {
  fileSystem: FileSystem;
  /** The real path of the project root. */
  root: string;
  /** The top of the working tree. */
  home: string;
  /** Absolute. */
  stateDirectory: string;
  config: MoultConfig;
  configHash: string;
  scriptsHash: string;
  checks: ValidationCheck[];
  origin: PlanOrigin;
  taskId: string;
  /** ISO 8601. */
  createdAt: string;
  umask: number;
}

export interface NewPlan {
  plan: Plan;
  /** The new bytes, by position in `plan.paths`. */
  contents: Map<number, Uint8Array>;
  highRiskFiles: string[];
}

const partSize = 200;

interface Candidate {
  path: string;
  change: PlannedChange | null;
  changeIndex: number | null;
  before: FileImage;
  planned: PlannedAfter;
  /** What its contents say about the risk. */
  inside: Awaited<ReturnType<typeof lookIntoChange>>;
}

/**
 * Decides everything about an improvement, and writes nothing.
 *
 * @param request parsed already: see `parseRequest`.
 * @throws MoultError with a code that begins with PATH_ or FILE_; EDIT_NOT_UNIQUE, PATCH_REJECTED, NOT_TEXT, NOTHING_TO_DO.
 */
export async function makePlan(request: ImprovementRequest, situation: PlanSituation): Promise<NewPlan> {
  const { limits } = situation.config;
  requireFewFiles(Math.max(request.changes.length, request.targetFiles.length), limits);
  const candidates = await joinPaths(request, protectedPathsOf(situation));
  requireFewFiles(candidates.length, limits);
  await forEachPath(
    { fs: situation.fileSystem, root: situation.root },
    candidates,
    async (tree, candidate) => {
      candidate.before = (await pathImage(tree, candidate.path)).image;
      if (candidate.change === null) return;
      const { parent, name } = await tree.parentOf(candidate.path);
      const { change, before, path: file } = candidate;
      const readBefore = async () => {
        requireReadable(file, before, limits);
        return situation.fileSystem.readFile(parent?.at(name) ?? '');
      };
      candidate.planned = await planAfter({ change, before, path: file, readBefore, umask: situation.umask });
      if (candidate.planned.source === 'editor') requireReadable(file, before, limits);
      candidate.inside = await lookIntoChange({ path: file, before, planned: candidate.planned, readBefore });
    },
  );
  refuseNothingToDo(request, candidates);
  requireSmallContents(
    candidates.flatMap(({ path: file, planned: { content } }) =>
      content ? [{ path: file, bytes: content }] : [],
    ),
    limits,
  );
  const assessment = await assess(candidates);
  return {
    plan: await composePlan(request, situation, candidates, assessment),
    contents: new Map(
      candidates.flatMap(({ planned: { content } }, index) => (content ? [[index, content] as const] : [])),
    ),
    highRiskFiles: assessment.highRiskFiles,
  };
}

function protectedPathsOf({ config, root, stateDirectory }: PlanSituation): string[] {
  const { never } = config.protectedPaths;
  const state = path.relative(root, stateDirectory).split(path.sep).join('/');
  return state === '' || state.startsWith('..') ? never : [...never, state];
}

/** The union of the changes and the target files: all are backed up and restored together. */
async function joinPaths(
  { changes, targetFiles }: ImprovementRequest,
  protectedPaths: string[],
): Promise<Candidate[]> {
  const nothing = {
    before: { kind: 'absent' } as const,
    planned: { after: null, source: null, content: null },
    inside: {},
  };
  const changed: Candidate[] = [];
  for (const [changeIndex, change] of changes.entries()) {
    await letOthersRun();
    changed.push({ path: parseProjectPath(change.file, protectedPaths), change, changeIndex, ...nothing });
  }
  const known = new Set(changed.map((candidate) => candidate.path));
  const targets = new Set(
    targetFiles.map((file) => parseProjectPath(file, protectedPaths)).filter((file) => !known.has(file)),
  );
  const candidates = [
    ...changed,
    ...[...targets].map((file) => ({ path: file, change: null, changeIndex: null, ...nothing })),
  ];
  requireDistinctPaths(candidates.map((candidate) => candidate.path));
  return candidates;
}

function refuseNothingToDo({ changes }: ImprovementRequest, candidates: Candidate[]): void {
  const isNothing = ({ before, planned: { after } }: Candidate) => after !== null && sameImage(before, after);
  if (changes.length > 0 && candidates.filter(({ change }) => change !== null).every(isNothing)) {
    throw new MoultError('NOTHING_TO_DO', { reason: 'every planned file already is as it should become' });
  }
}

/** A part at a time: a large plan shall not hold up the program. */
async function assess(candidates: readonly Candidate[]): Promise<RiskAssessment> {
  const parts: RiskAssessment[] = [];
  for (let start = 0; start < candidates.length; start += partSize) {
    await letOthersRun();
    parts.push(assessRisk(candidates.slice(start, start + partSize).map(toAssess)));
  }
  return joinAssessments(parts);
}

function toAssess({ path: file, change, before, planned: { after }, inside }: Candidate) {
  return {
    path: file,
    ...inside,
    type: change?.type ?? null,
    ...(change?.risk ? { risk: change.risk } : {}),
    isSymlink: before.kind === 'symlink' || after?.kind === 'symlink',
    isEmptied:
      before.kind === 'file' && before.sizeBytes > 0 && after?.kind === 'file' && after.sizeBytes === 0,
  };
}

async function composePlan(
  { description, changes, requiresRestart, skipTests = false }: ImprovementRequest,
  { root, home, config, configHash, scriptsHash, checks, origin, taskId, createdAt }: PlanSituation,
  candidates: Candidate[],
  { risk, fileRisks }: RiskAssessment,
): Promise<Plan> {
  const changedPaths = candidates.filter(({ change }) => change !== null).map((candidate) => candidate.path);
  const plan: Omit<Plan, 'digest'> = {
    taskId,
    createdAt,
    description,
    origin,
    root: path.relative(home, root).split(path.sep).join('/'),
    changes: changes.map(({ file, type, description: why, risk: own, mode }) => ({
      file,
      type,
      description: why,
      risk: own,
      mode,
    })),
    paths: candidates.map(toPlannedPath),
    risk,
    fileRisks,
    requiresRestart,
    needsRestart: requiresRestart || matchesRestartTrigger(changedPaths, config.restartTriggers),
    skipTests,
    approvalRequired: needsApproval(config, origin, fileRisks),
    confirmationRequired: config.restart.requireConfirmation,
    restartDelayMs: config.restart.delayMs,
    onInterrupted: config.onInterrupted,
    checks,
    artifacts: config.artifacts,
    undeclared: config.undeclared,
    configHash,
    scriptsHash,
  };
  // Through JSON, so that the digest is the same for the plan as it is read back.
  const stored = JSON.parse(JSON.stringify(plan)) as Omit<Plan, 'digest'>;
  return { ...stored, digest: await planDigest(stored) };
}

function toPlannedPath({
  path: file,
  before,
  changeIndex,
  planned: { after, source },
}: Candidate): PlannedPath {
  return { path: file, before, after, source, change: changeIndex };
}

function needsApproval(
  { requireApproval, protectedPaths: { approval, allow } }: MoultConfig,
  origin: PlanOrigin,
  fileRisks: Plan['fileRisks'],
): boolean {
  const [mustWait, mayPass] = [globMatcher(approval), globMatcher(allow)];
  if (fileRisks.some(({ path: file }) => mustWait(file))) return true;
  // Who calls the library or the command line is the authority; behind MCP is a model.
  const required = requireApproval ?? (origin === 'mcp' ? 'high-risk' : 'never');
  if (required !== 'high-risk') return required === 'always';
  return fileRisks.some(
    ({ path: file, level }) => (level === 'high' || level === 'critical') && !mayPass(file),
  );
}
