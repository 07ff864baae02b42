export { memoryNotifier, type MemoryNotifier } from './memory-notifier.js';
export { manifest, type Manifest, type ManifestOptions } from './manifest.js';
export type { ManifestEntry } from './manifest-entry.js';
export type { GitManifest } from './git-manifest.js';
export { diffManifests, type DiffManifestsOptions } from './diff-manifests.js';
export { tempRepository, type TempRepository, type TempRepositoryOptions } from './temp-repository.js';
export type { RepositoryLayout } from './make-layout.js';
