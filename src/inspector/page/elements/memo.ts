import { Component, h, type ComponentType, type FunctionComponent, type JSX } from 'preact';

/** Draws a component again only where one of its properties is another. */
export function memo<Props extends object>(Inner: ComponentType<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const now = this.props as Record<string, unknown>;
      return Object.entries(next).some(([name, value]) => !Object.is(value, now[name]));
    }

    override render(props: Props): JSX.Element {
      return h(Inner, props as Props & JSX.IntrinsicAttributes);
    }
  }
  return Memo as unknown as FunctionComponent<Props>;
}
