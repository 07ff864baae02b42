/** A duration in milliseconds, as a person says it. */
export function duration(durationMs: number): string {
  if (durationMs < 950) return `${Math.max(0, Math.round(durationMs))} ms`;
  if (durationMs < 59_500) {
    const seconds = durationMs / 1_000;
    return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const minutes = Math.round(durationMs / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
