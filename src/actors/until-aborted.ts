/**
 * Waits for work of the host, but no longer than until the signal is aborted: what the host answers after that is not
 * used, and an answer that never comes keeps nobody from cancelling.
 *
 * @throws the signal's reason.
 */
export function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
