export { memoryNotifier, type MemoryNotifier } from './memory-notifier.js';
export { memoryStore, type MemoryStore } from './memory-store.js';
export { manualClock, type ManualClock } from './manual-clock.js';
export { manifest, type Manifest, type ManifestOptions } from './manifest.js';
export type { ManifestEntry } from './manifest-entry.js';
export type { GitManifest } from './git-manifest.js';
export { diffManifests, type DiffManifestsOptions } from './diff-manifests.js';
export { tempRepository, type TempRepository, type TempRepositoryOptions } from './temp-repository.js';
export type { RepositoryLayout } from './make-layout.js';
export { machinePaths, type MachinePathsOptions } from './machine/machine-paths.js';
export { improvementPaths } from './machine/improvement-paths.js';
export type { MachinePath, ReplayOptions } from './machine/machine-path.js';
export type { ActorOutcome, MachineModel, ResolvedModel } from './machine/machine-model.js';
export type { InFlight, ScriptedActor, ScriptedRun } from './machine/scripted-run.js';
export { machineCoverage, type MachineCoverage } from './machine/machine-coverage.js';
export { assertFullCoverage } from './machine/assert-full-coverage.js';
export { crashPoints, type CrashPoint, type CrashPointsOptions, type World } from './machine/crash-points.js';
export type { ContractCase } from './contracts/contract-case.js';
export { storeContract, type SnapshotStore, type StoreSubject } from './contracts/store-contract.js';
export { notifierContract, type NotifierSubject } from './contracts/notifier-contract.js';
export {
  workspaceContract,
  type WorkspaceRollback,
  type WorkspaceSubject,
} from './contracts/workspace-contract.js';
export { checkRunnerContract, type CheckRunnerSubject } from './contracts/check-runner-contract.js';
export { restartContract, type RestartSubject } from './contracts/restart-contract.js';
export { WeakDisk } from './weak-disk/weak-disk.js';
export type { DiskFault } from './weak-disk/disk-memory.js';
