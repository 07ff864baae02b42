/** Enough that one of them is hardly disturbed. */
const rounds = 5;

/**
 * How many times as much an input costs that is `factor` times as large: about `factor` where the cost is linear,
 * `factor` squared where it is quadratic. Both sizes are measured in turn and the best of each counts, in processor time,
 * so that neither the speed of the machine nor what else it does matters.
 *
 * @param prepare makes the input, which is not measured, and gives what is to be measured.
 */
export function growth(prepare: (size: number) => () => unknown, size: number, factor: number): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  const best = { small: Infinity, large: Infinity };
  for (let round = 0; round < rounds; round++) {
    best.small = Math.min(best.small, cost(small, factor) / factor);
    best.large = Math.min(best.large, cost(large, 1));
  }
  return best.large / best.small;
}

/** In microseconds of the processor. At least one: the clock may be that coarse. */
function cost(action: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) action();
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, user + system);
}
