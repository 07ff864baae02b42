/** The process, as far as the command line uses it. */
export type Io = Pick<
  NodeJS.Process,
  'stdin' | 'stdout' | 'stderr' | 'env' | 'platform' | 'on' | 'off' | 'cwd' | 'exit' | 'kill' | 'pid'
>;
