#!/usr/bin/env node
import { runCli } from './run-cli.js';

// Always two folders below the package, in the sources as in the build.
const manifest = new URL('../../package.json', import.meta.url);

process.exit(await runCli(process, process.argv.slice(2), manifest));
