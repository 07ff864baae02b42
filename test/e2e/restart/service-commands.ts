/** How a supervisor runs a program: what comes before each start, what it starts, and after which ends it starts again. */
export interface Service {
  before: string[][];
  main: string[];
  /** What the supervisor adds to the environment. */
  env: Record<string, string>;
  startsAgain: (exitCode: number | null) => boolean;
}

/** Every key is looked at: one that is not known here is an error, and not passed over. */
const known = [
  ...['Description', 'StartLimitIntervalSec', 'StartLimitBurst', 'WorkingDirectory', 'ExecStartPre'],
  ...['ExecStart', 'KillMode', 'TimeoutStopSec', 'Restart', 'RestartSec', 'RestartPreventExitStatus'],
  'WantedBy',
];

/** A unit of systemd, as systemd reads it. */
export function serviceOfUnit(unit: string): Service {
  const settings = new Map<string, string[]>();
  for (const line of unit.split('\n').filter((text) => text !== '' && !text.startsWith('['))) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || !known.includes(key))
      throw new Error(`not known of systemd: ${line}`);
    settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  const commands = (key: string) => (settings.get(key) ?? []).map(words);
  const [main = []] = commands('ExecStart');
  const [restart] = settings.get('Restart') ?? ['no'];
  const prevented = (settings.get('RestartPreventExitStatus') ?? []).flatMap(words).map(Number);
  return {
    before: commands('ExecStartPre'),
    main,
    env: { INVOCATION_ID: '0123456789abcdef0123456789abcdef' },
    startsAgain: (code) =>
      (restart === 'always' || (restart === 'on-failure' && code !== 0)) &&
      !(code !== null && prevented.includes(code)),
  };
}

/** What Docker starts of a Dockerfile, with `--restart on-failure`. */
export function serviceOfDockerfile(dockerfile: string, entrypoint?: string): Service {
  const list = (instruction: string, json = '') =>
    JSON.parse(json || new RegExp(`^${instruction} (.*)$`, 'm').exec(dockerfile)![1]!) as string[];
  return {
    before: [],
    main: [...list('ENTRYPOINT', entrypoint), ...list('CMD')],
    env: {},
    startsAgain: (code) => code !== 0,
  };
}

function words(command: string): string[] {
  if (/["'\\$%]/.test(command)) throw new Error(`not read here as systemd reads it: ${command}`);
  return command.split(' ');
}
