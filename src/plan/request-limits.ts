/** The most a request may hold. Far above what a person or an agent plans; they keep a runaway request from memory. */
export const requestLimits = {
  descriptionCharacters: 10_000,
  changes: 100_000,
  targetFiles: 100_000,
  pathCharacters: 4096,
  editsPerChange: 10_000,
  /** For each of content, contentBase64, patch, oldText and newText. */
  contentCharacters: 100_000_000,
} as const;
