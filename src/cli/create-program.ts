import { Command } from 'commander';
import type { Cli } from './cli.js';
import type { InspectFlags } from './commands/inspect.js';
import type { McpOptions } from './commands/mcp.js';
import { helpAfter } from './help-after.js';
import type { Report } from './report.js';

/** What a command does. The parts are loaded only when one is run, so that help and usage errors are quick. */
export type Verb = (cli: Cli) => Promise<Report>;

export interface GlobalOptions {
  root?: string;
  json?: boolean;
  quiet?: boolean;
  color: boolean;
}

interface Surroundings {
  version: string;
  /** Help, the version and messages, as commander words them. */
  write: (text: string) => void;
  run: (verb: Verb, options: GlobalOptions) => Promise<void>;
}

const request = 'a JSON file, or - for standard input';
const task = 'the id of an improvement, as si-1731600000000';
const newest = `${task} (default: the newest)`;

/** The commands and options, as they are documented by `moult --help`. */
export function createProgram({ version, write, run }: Surroundings): Command {
  const program = new Command('moult')
    .description(
      'Changes the source code of a project safely: plan, checkpoint, apply, validate; then keep it or take back every byte.',
    )
    .usage('COMMAND [options]')
    .option('--root <dir>', 'the folder of the project (default: the current directory)')
    .option('--json', 'one JSON document on standard output, also for errors; progress on standard error')
    .option('-q, --quiet', 'no progress and no summary')
    .option('--no-color', 'no colours; the variables NO_COLOR and FORCE_COLOR work as well')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .exitOverride()
    .addHelpText('after', helpAfter);
  const act = (verb: Verb) => run(verb, program.opts<GlobalOptions>());
  addMakingVerbs(program, act);
  addDecidingVerbs(program, act);
  addLookingVerbs(program, act);
  addServingVerbs(program, act);
  addRestartVerbs(program, act);
  return program;
}

type Act = (verb: Verb) => Promise<void>;

function addMakingVerbs(program: Command, act: Act): void {
  program
    .command('run')
    .description('plan and execute in one go')
    .argument('<request>', request)
    .action((source: string) => act(async (cli) => (await import('./commands/run.js')).run(cli, source)));
  program
    .command('plan')
    .description('make a plan; touches no file of the project')
    .argument('<request>', request)
    .action((source: string) => act(async (cli) => (await import('./commands/plan.js')).plan(cli, source)));
  program
    .command('execute')
    .description('carry out a plan: back up, checkpoint, apply, run the checks')
    .argument('[task]', newest)
    .action((id?: string) => act(async (cli) => (await import('./commands/execute.js')).execute(cli, id)));
  program
    .command('init')
    .description('write moult.config.json from the scripts in package.json')
    .action(() => act(async (cli) => (await import('./commands/init.js')).init(cli)));
}

function addDecidingVerbs(program: Command, act: Act): void {
  program
    .command('approve')
    .description('say yes to a plan that waits for approval')
    .argument('<task>', task)
    .option('--by <name>', 'who says so (default: your user name)')
    .option('--why <text>', 'the reason, for the record')
    .option('--digest <sha256>', 'refuse where the plan has another digest than the one that was looked at')
    .action((id: string, options: { by?: string; why?: string; digest?: string }) =>
      act(async (cli) => (await import('./commands/approve.js')).approve(cli, id, options)),
    );
  program
    .command('reject')
    .description('say no to a plan that waits for approval')
    .argument('<task>', task)
    .action((id: string) => act(async (cli) => (await import('./commands/reject.js')).reject(cli, id)));
  program
    .command('cancel')
    .description('drop a plan, or stop an improvement in any process and take it back')
    .argument('[task]', `${task} (default: whichever is under way)`)
    .action((id?: string) => act(async (cli) => (await import('./commands/cancel.js')).cancel(cli, id)));
  program
    .command('confirm')
    .description('say that the restarted version is good')
    .argument('[task]', newest)
    .action((id?: string) => act(async (cli) => (await import('./commands/confirm.js')).confirm(cli, id)));
  program
    .command('rollback')
    .description('take back a completed improvement')
    .argument('<task>', task)
    .option('--force', 'move aside what somebody made of the files since, instead of refusing')
    .action((id: string, options: { force?: boolean }) =>
      act(async (cli) => (await import('./commands/rollback.js')).rollback(cli, id, options)),
    );
  program
    .command('recover')
    .description('finish or take back what a process left that is gone')
    .option(
      '--take-over-lock',
      'also from a process of another machine or container, when you are sure that it is gone',
    )
    .action((options: { takeOverLock?: boolean }) =>
      act(async (cli) => (await import('./commands/recover.js')).recover(cli, options)),
    );
  program
    .command('gc')
    .description('remove old improvements, as `retention` of the configuration says')
    .option('--dry-run', 'only say what would be removed')
    .action((options: { dryRun?: boolean }) =>
      act(async (cli) => (await import('./commands/gc.js')).gc(cli, options)),
    );
  program
    .command('notify')
    .description('try the ways by which people are told')
    .argument('<what>', 'test: sends a test notice to everybody the configuration names')
    .action((what: string) => act(async (cli) => (await import('./commands/notify.js')).notify(cli, what)));
}

function addLookingVerbs(program: Command, act: Act): void {
  program
    .command('status')
    .description('where an improvement stands, and what can be done')
    .argument('[task]', newest)
    .action((id?: string) => act(async (cli) => (await import('./commands/status.js')).status(cli, id)));
  program
    .command('history')
    .description('all improvements of this project')
    .action(() => act(async (cli) => (await import('./commands/history.js')).history(cli)));
  program
    .command('show')
    .description('an improvement with its plan, risks, diffs and checks')
    .argument('<task>', task)
    .action((id: string) => act(async (cli) => (await import('./commands/show.js')).show(cli, id)));
  addPictures(program, act);
}

function addPictures(program: Command, act: Act): void {
  program
    .command('inspect')
    .description(
      'a page that shows what an improvement does, did and could do; for the browser, on this machine only',
    )
    .argument('[task]', `${task} (default: the history)`)
    .option('--port <number>', 'where to listen (default: a free port)')
    .option('--host <address>', 'for whom to listen (default: 127.0.0.1, nobody but this machine)')
    .option('--allow-actions', 'approve, reject, cancel, confirm and roll back from the page')
    .option('--state-dir <dir>', 'a state directory by itself, as a copy of one, instead of the project')
    .option('--export <file>', 'write one HTML file about the improvement (default: the newest) and end')
    .action((id: string | undefined, flags: InspectFlags) =>
      act(async (cli) => (await import('./commands/inspect.js')).inspect(cli, id, flags)),
    );
  program
    .command('machine')
    .description('a machine of moult as a diagram')
    .argument('[name]', 'improvement or restart', 'improvement')
    .option('--format <format>', 'mermaid, svg or json', 'mermaid')
    .action((name: string, { format }: { format: string }) =>
      act(async (cli) => (await import('./commands/machine.js')).machine(cli, name, format)),
    );
}

function addServingVerbs(program: Command, act: Act): void {
  program
    .command('mcp')
    .description('serve the project to an agent over MCP, on standard input and output')
    .option('--http', 'serve Streamable HTTP instead, for any number of clients')
    .option('--port <number>', 'where (default: 7433)')
    .option('--host <address>', 'on which address (default: 127.0.0.1, this machine only)')
    .option('--allow-host <name...>', 'further names by which clients may call it')
    .option(
      '--token <token>',
      'the bearer token (default: MOULT_MCP_TOKEN, else a new one, which is printed)',
    )
    .action((options: McpOptions) =>
      act(async (cli) => (await import('./commands/mcp.js')).mcp(cli, options)),
    );
}

function addRestartVerbs(program: Command, act: Act): void {
  program
    .command('supervise')
    .description('start the program and look after its restarts: moult supervise -- node server.js')
    .argument('<command...>', 'what starts the program, after --')
    .option('--take-over-lock', 'also from a guard of another machine or container that is surely gone')
    .action((command: string[], options: { takeOverLock?: boolean }) =>
      act(async (cli) => (await import('./commands/supervise.js')).supervise(cli, command, options)),
    );
  program
    .command('install-guard')
    .description(
      'put the guard into the state directory, for systemd, Docker, PM2 or npm, and print its path',
    )
    .action(() => act(async (cli) => (await import('./commands/install-guard.js')).installGuard(cli)));
  program
    .command('leave-safe-mode')
    .description('allow the program to be started again, after you have seen to it')
    .action(() => act(async (cli) => (await import('./commands/leave-safe-mode.js')).leaveSafeMode(cli)));
}
