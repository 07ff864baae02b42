/** A time since a beginning, exact to the millisecond: `0:02.040`, `1:00:02.040`. */
export function elapsed(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  const minutes = Math.floor(ms / 60_000);
  const seconds = ((ms % 60_000) / 1_000).toFixed(3).padStart(6, '0');
  if (minutes < 60) return `${minutes}:${seconds}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}`;
}
