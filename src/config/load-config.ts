import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { lilconfig, type LilconfigResult } from 'lilconfig';
import { MoultError } from '../errors/moult-error.js';
import { parseConfig, type MoultConfig } from './parse-config.js';

export interface LoadedConfig {
  config: MoultConfig;
  /** The absolute path of the file it stands in; null where there is none, and all is default. */
  source: string | null;
}

/** The first that is there is taken. */
const places = ['moult.config.json', 'moult.config.js', 'moult.config.mjs', 'package.json'];

/**
 * Reads the configuration in the project root itself: `moult.config.{json,js,mjs}` or the key `moult` of package.json.
 * Folders above are not searched, and nothing is remembered from one call to the next; only what a module imports in
 * its turn stays as Node first loaded it.
 *
 * @throws MoultError CONFIG_UNREADABLE, CONFIG_INVALID.
 */
export async function loadConfig(root: string): Promise<LoadedConfig> {
  const directory = path.resolve(root);
  await refuseDeadLinks(directory);
  const found = await search(directory);
  if (found === null) return { config: parseConfig({}, directory), source: null };
  if (found.isEmpty === true) throw unreadable(found.filepath, new Error('it is empty'));
  return { config: parseConfig(found.config, found.filepath), source: found.filepath };
}

/** The search takes a link to nothing for no configuration, and the checks in it would not be run. */
async function refuseDeadLinks(directory: string): Promise<void> {
  for (const place of places) {
    const file = path.join(directory, place);
    if (!(await exists(lstat(file)))) continue;
    if (!(await exists(stat(file)))) throw unreadable(file, new Error('it is a link to nothing'));
  }
}

async function exists(stats: Promise<Stats>): Promise<boolean> {
  try {
    await stats;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function search(directory: string): Promise<LilconfigResult> {
  const options = {
    cache: false,
    stopDir: directory,
    searchPlaces: places,
    ignoreEmptySearchPlaces: false,
    loaders: { '.json': readJson, '.js': importModule, '.mjs': importModule },
  };
  try {
    return await lilconfig('moult', options).search(directory);
  } catch (error) {
    throw unreadable((error as NodeJS.ErrnoException).path ?? directory, error);
  }
}

function readJson(file: string, content: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadable(file, error);
  }
  if (path.basename(file) === 'package.json') refuseEmptyKey(file, value);
  return value;
}

/** `"moult": false` is a mistake, which the search would take for no configuration. */
function refuseEmptyKey(file: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw unreadable(file, new Error('it holds no object'));
  if ('moult' in value && !value.moult) parseConfig(value.moult, file);
}

/** A module is imported once for each content: the module cache would give the old configuration for ever. */
async function importModule(file: string, content: string): Promise<unknown> {
  const url = pathToFileURL(file);
  url.searchParams.set('sha256', createHash('sha256').update(content).digest('hex'));
  // A CommonJS module is remembered by its path.
  delete createRequire(url).cache[file];
  let module: { default?: unknown };
  try {
    module = (await import(url.href)) as { default?: unknown };
  } catch (error) {
    throw unreadable(file, error);
  }
  if (module.default === undefined) throw unreadable(file, new Error('it has no default export'));
  return module.default;
}

function unreadable(source: string, error: unknown): MoultError {
  if (error instanceof MoultError) return error as MoultError;
  const reason = error instanceof Error ? error.message : String(error);
  return new MoultError('CONFIG_UNREADABLE', { source, reason }, { cause: error });
}
