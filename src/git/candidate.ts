/** A path whose bytes may differ from what the index holds. */
export interface Candidate {
  /** One character per byte. */
  path: string;
  /**
   * `changed`: differs from the index by git's notes. `unmerged`: has a merge conflict. `untracked`: is not in the
   * index. `unverified`: git takes it for unchanged without knowing its bytes.
   */
  origin: 'changed' | 'unmerged' | 'untracked' | 'unverified';
  /** What the index holds; null where it holds nothing that could stay. */
  known: { mode: string; oid: string } | null;
  /** The user's repository might lose the object the index names: ours is to have it too. */
  isOnlyInIndex: boolean;
  /** Large ones are recorded by their hash only. */
  isLimited: boolean;
}

export const gitlinkMode = '160000';
