import { globMatcher } from './glob-matcher.js';
import type { ManifestChanges } from './manifest-changes.js';
import type { FileRisk, RiskLevel } from './plan.js';
import { manifestReason, riskRules, testFiles, type RiskRule } from './risk-rules.js';

/** What the assessment looks at. */
export interface PathToAssess {
  path: string;
  /** Null for a path that is only a target: it is judged by its name. */
  type: 'create' | 'modify' | 'delete' | null;
  /** The planner's own estimate: it can raise the level, never lower it. */
  risk?: RiskLevel;
  /** The path is or becomes a symbolic link. */
  isSymlink?: boolean;
  /** The file has content now and has none after. */
  isEmptied?: boolean;
  /** What the change alters in a package.json, where both sides are known. */
  manifest?: ManifestChanges;
  /** How a test checks less after the change; see `testLoss`. */
  testLoss?: string | null;
}

export interface RiskAssessment {
  /** The highest level of all files; `low` without files. */
  risk: RiskLevel;
  /** One for each path, in the order given. */
  fileRisks: FileRisk[];
  /** The paths of level `high` and `critical`. */
  highRiskFiles: string[];
}

type Finding = Omit<FileRisk, 'path' | 'reasons'> & { reason: string };
const levels: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

/** How much could break, file by file and with reasons, judged by names and kinds of change, not by contents. */
export function assessRisk(paths: readonly PathToAssess[]): RiskAssessment {
  return assessmentOf(paths.map(assessFile));
}

/** The assessment of all files, from those of some of them each. */
export function joinAssessments(parts: readonly RiskAssessment[]): RiskAssessment {
  return assessmentOf(parts.flatMap(({ fileRisks }) => fileRisks));
}

function assessmentOf(fileRisks: FileRisk[]): RiskAssessment {
  return {
    risk: highest(fileRisks),
    fileRisks,
    highRiskFiles: fileRisks
      .filter(({ level }) => level === 'high' || level === 'critical')
      .map(({ path }) => path),
  };
}

function assessFile(file: PathToAssess): FileRisk {
  const findings = [...byName(file), ...byKindOfChange(file), ...byPlanner(file)];
  return { path: file.path, level: highest(findings), reasons: findings.map(({ reason }) => reason) };
}

function highest(items: readonly { level: RiskLevel }[]): RiskLevel {
  const ranks = items.map(({ level }) => levels.indexOf(level));
  return levels[ranks.reduce((a, b) => Math.max(a, b), 0)] ?? 'low';
}

const matchers = riskRules.map(({ level, reason, ...where }) => ({
  level,
  reason,
  matches: ruleMatcher(where),
}));
/** Whether a file holds tests, by its name. */
export const isTest = ruleMatcher(testFiles);

function ruleMatcher({
  names = [],
  folders = [],
}: Pick<RiskRule, 'names' | 'folders'>): (path: string) => boolean {
  const isNamed = globMatcher(names);
  const isBelow = globMatcher(folders.map((folder) => `**/${folder}`));
  return (path) => isNamed(path.slice(path.lastIndexOf('/') + 1)) || isBelow(path);
}

function byName(file: PathToAssess): Finding[] {
  const { path, manifest } = file;
  return [
    ...(manifest ? byManifest(manifest) : []),
    ...matchers
      .filter(({ matches, reason }) => matches(path) && !(manifest && reason === manifestReason))
      .map(({ level, reason }) => finding(level, `it is ${reason}`)),
  ];
}

/** What a package.json says to people is one thing, what it makes machines do another. */
function byManifest({ keys, deciding }: ManifestChanges): Finding[] {
  const isText = keys !== null && deciding.length === 0;
  if (isText) return [finding('high', 'it is a package manifest')];
  const what = keys === null ? '' : `; it changes ${deciding.join(', ')}`;
  return [finding('critical', `it is ${manifestReason}${what}`)];
}

function byKindOfChange(file: PathToAssess): Finding[] {
  const findings: Finding[] = [];
  const loss = lossOf(file);
  if (loss !== null) {
    const ofTest = finding('critical', `a test is ${loss}: it checks nothing any more`);
    findings.push(isTest(file.path) ? ofTest : finding('medium', `it is ${loss}`));
  }
  if (typeof file.testLoss === 'string') findings.push(finding('critical', `a test ${file.testLoss}`));
  if (file.isSymlink === true)
    findings.push(finding('medium', 'it is a symbolic link: it may lead to other files'));
  return findings;
}

function lossOf({ type, isEmptied, isSymlink }: PathToAssess): string | null {
  if (type === 'delete') return 'deleted';
  if (isEmptied === true) return 'emptied';
  return type === 'modify' && isSymlink === true ? 'replaced by a link' : null;
}

function byPlanner({ risk = 'low' }: PathToAssess): Finding[] {
  return risk === 'low' ? [] : [finding(risk, `the plan itself calls its risk ${risk}`)];
}

const finding = (level: RiskLevel, reason: string): Finding => ({ level, reason });
