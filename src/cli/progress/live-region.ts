const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** The last lines of a terminal, which are drawn again and again. */
export class LiveRegion {
  private drawn = 0;
  private isHidden = false;

  constructor(private readonly write: (text: string) => void) {}

  /** @param lines none wider than the terminal, and not more than it has rows less one. */
  draw(lines: readonly string[]): void {
    const hide = this.isHidden ? '' : hideCursor;
    this.isHidden = true;
    this.write(hide + this.erasure() + lines.map((line) => `${line}\n`).join(''));
    this.drawn = lines.length;
  }

  erase(): void {
    this.write(this.erasure());
    this.drawn = 0;
  }

  /** Leaves what was drawn where it is. */
  end(): void {
    if (this.isHidden) this.write(showCursor);
    this.isHidden = false;
    this.drawn = 0;
  }

  private erasure(): string {
    return this.drawn === 0 ? '' : `\u001b[${this.drawn}A\r\u001b[0J`;
  }
}
