import type { NoticeTest } from '../../notify/send-test-notices.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { openService } from '../open-service.js';
import { symbolsFor } from '../render/symbols.js';
import type { Report } from '../report.js';
import { requireProject } from '../../service/require-project.js';
import { UsageError } from '../usage-error.js';

/** Sends a test notice to everybody the configuration names. */
export async function notify(cli: Cli, what: string): Promise<Report> {
  if (what !== 'test')
    throw new UsageError(
      `\`moult notify ${what}\` does not exist.`,
      '`moult notify test` sends a test notice.',
    );
  await requireProject(cli.root);
  return testReport(cli, await openService(cli).testNotices());
}

function testReport(cli: Cli, tests: readonly NoticeTest[]): Report {
  const failure = tests.find(({ delivered }) => !delivered)?.failure;
  return {
    exitCode: failure ? exitCode.refused : exitCode.done,
    document: { tests },
    text: tests.map((test) => line(cli, test)).join('\n'),
    ...(failure ? { failure } : {}),
    ...(failure?.remedy === undefined ? {} : { hint: failure.remedy }),
  };
}

function line({ io, output: { style } }: Cli, { target, delivered, failure }: NoticeTest): string {
  const { passed, failed } = symbolsFor(io);
  return delivered
    ? `${style.green(passed)} ${target}: delivered`
    : `${style.red(failed)} ${target}: ${failure?.message ?? 'not delivered'}`;
}
