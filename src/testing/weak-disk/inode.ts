/** What a name on the disk stands for. */
export interface Inode {
  readonly number: number;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** Permission bits. */
  mode: number;
  links: number;
  uid: number;
  gid: number;
  modifiedNs: bigint;
  readonly bornNs: bigint;
  /** Of a file: its bytes as every process sees them. */
  bytes: Buffer;
  /** Of a file: its bytes as the last flush left them. */
  flushed: Buffer;
  /** Of a file: something was written since the last flush. */
  isDirty: boolean;
  /** Of a symbolic link. */
  readonly target: string;
  /** Of a directory. */
  readonly entries: Map<string, Inode>;
}
