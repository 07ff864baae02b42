export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface JsonBounds {
  /** Of all texts and names together. Default 32,768. */
  maxCharacters?: number;
  /** Of one array or object. Default 500. */
  maxItems?: number;
  maxDepth?: number;
}

/**
 * A value of anybody as JSON of bounded size, to be looked at: what is too long or too deep is cut off, and says so; what
 * JSON has no word for is named in brackets. It does not throw, whatever the value is.
 */
export function boundedJson(value: unknown, bounds: JsonBounds = {}): Json {
  return new Shortener(bounds).convert(value, 0) ?? null;
}

class Shortener {
  private left: number;
  private readonly maxItems: number;
  private readonly maxDepth: number;
  /** The objects around the one that is being converted. */
  private readonly around = new Set<object>();

  constructor({ maxCharacters = 32_768, maxItems = 500, maxDepth = 12 }: JsonBounds) {
    this.left = maxCharacters;
    this.maxItems = maxItems;
    this.maxDepth = maxDepth;
  }

  /** Undefined for what JSON leaves out of an object. */
  convert(value: unknown, depth: number): Json | undefined {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
      case 'undefined':
        return value;
      case 'bigint':
        return value.toString();
      case 'symbol':
        return `[${value.toString()}]`;
      case 'function':
        return '[function]';
      case 'object':
        return value === null ? null : this.object(value, depth);
    }
  }

  private text(text: string): string {
    const kept = text.slice(0, Math.max(this.left, 0));
    this.left -= kept.length;
    return kept.length === text.length ? text : `${kept}… (${text.length} characters)`;
  }

  private object(value: object, depth: number): Json | undefined {
    if (this.around.has(value)) return '[circular]';
    if (depth > this.maxDepth || this.left <= 0) return '[…]';
    this.around.add(value);
    try {
      return this.inner(value, depth + 1);
    } catch (error) {
      return `[not readable: ${String(error)}]`;
    } finally {
      this.around.delete(value);
    }
  }

  private inner(value: object, depth: number): Json | undefined {
    if (Array.isArray(value)) return this.array(value, depth);
    if (value instanceof Error) return this.error(value, depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map) return this.array([...value], depth);
    if (value instanceof Set) return this.array([...value], depth);
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return this.convert((value.toJSON as () => unknown)(), depth);
    return this.record(Object.entries(value), depth);
  }

  private array(values: readonly unknown[], depth: number): Json[] {
    const kept = values.slice(0, this.maxItems).map((value) => this.convert(value, depth) ?? null);
    return kept.length === values.length ? kept : [...kept, `… (${values.length} items)`];
  }

  private record(entries: [string, unknown][], depth: number): { [key: string]: Json } {
    // Without a prototype, so that the name `__proto__` is one like any other.
    const record = Object.create(null) as { [key: string]: Json };
    for (const [key, value] of entries.slice(0, this.maxItems)) {
      this.left -= key.length;
      const converted = this.convert(value, depth);
      if (converted !== undefined) record[key] = converted;
    }
    if (entries.length > this.maxItems) record['…'] = `(${entries.length} keys)`;
    return record;
  }

  /** The message of an error is not among its keys; its stack names places of this machine. */
  private error(error: Error, depth: number): Json {
    const { name, message } = error;
    return this.record([['name', name], ['message', message], ...Object.entries(error)], depth);
  }
}
