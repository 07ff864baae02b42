import type { AnyActorRef } from 'xstate';
import { inheritedEnvironment } from '../process/node-spawner.js';
import { createSecretMasker } from '../secrets/secret-masker.js';
import { ActorSource } from './actors/actor-source.js';
import { startServer, type Inspector, type ListenOptions } from './server/start-server.js';

/**
 * Serves the same page for an XState actor of your own and the actors below it: their charts, states, events and contexts,
 * from now on. With `allowActions`, events can be sent to them from the page.
 *
 * @throws INSPECTOR_NOT_STARTED, INSPECTOR_PAGE_MISSING
 */
export async function inspectActor(actor: AnyActorRef, options: ListenOptions = {}): Promise<Inspector> {
  const source = new ActorSource(actor, createSecretMasker(inheritedEnvironment));
  try {
    const inspector = await startServer(source, options);
    const close = async () => {
      source.end();
      await inspector.close();
    };
    return { ...inspector, close };
  } catch (error) {
    source.end();
    throw error;
  }
}
