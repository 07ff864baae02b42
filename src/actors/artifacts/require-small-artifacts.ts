import { MoultError } from '../../errors/moult-error.js';
import { artifactFacts } from './artifact-facts.js';
import { findArtifacts, type ArtifactPlace, type FoundArtifacts } from './find-artifacts.js';

/** @throws ARTIFACTS_TOO_LARGE where what was built is more than may be kept. Writes nothing. */
export async function requireSmallArtifacts(
  place: ArtifactPlace,
  allowedBytes: number,
): Promise<FoundArtifacts> {
  const found = await findArtifacts(place);
  let foundBytes = 0;
  for (const path of found.paths) {
    const facts = await artifactFacts(place.fileSystem, place.root, path);
    foundBytes += facts?.sizeBytes ?? 0;
  }
  if (foundBytes <= allowedBytes) return found;
  throw new MoultError('ARTIFACTS_TOO_LARGE', { paths: found.paths, foundBytes, allowedBytes });
}
