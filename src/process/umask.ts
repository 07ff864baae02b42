/** The permission bits that new files of this process do not get. */
export function umask(): number {
  return process.umask();
}
