/** One line of a comparison of two texts. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** From 1; null where the line is not in that text. */
  oldNumber: number | null;
  newNumber: number | null;
}
