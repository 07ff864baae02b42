const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A file name as a string, so that different names stay different: UTF-8 as it reads, and in a name that is not UTF-8
 * each byte from 0x80 as a lone surrogate (U+DC80 to U+DCFF), which no UTF-8 name can hold.
 */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [...bytes].map((byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('');
  }
}
