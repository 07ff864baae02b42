/** `fallback` where the user has no right to read; every other error stays one. */
export async function orIfDenied<Result>(reading: Promise<Result>, fallback: Result): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return fallback;
    throw error;
  }
}
