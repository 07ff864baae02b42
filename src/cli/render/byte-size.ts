const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A number of bytes for people: `512 bytes`, `1.5 MiB`. */
export function byteSize(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const shown = power === 0 ? String(bytes) : (bytes / 1024 ** power).toFixed(1);
  return `${shown} ${units[power]}`;
}
