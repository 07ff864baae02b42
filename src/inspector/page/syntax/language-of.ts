/** What a tokenizer must know of a language. */
export interface Language {
  lineComment: readonly string[];
  blockComment: readonly [open: string, close: string] | null;
  /** Quotes of strings that end with the line. */
  quotes: readonly string[];
  /** Quotes of strings that may go on over several lines. */
  longQuotes: readonly string[];
  keywords: ReadonlySet<string>;
}

const words = (text: string) => new Set(text.trim().split(/\s+/));

const cLike: Omit<Language, 'keywords'> = {
  lineComment: ['//'],
  blockComment: ['/*', '*/'],
  quotes: ['"', "'"],
  longQuotes: [],
};

const script: Language = {
  ...cLike,
  longQuotes: ['`'],
  keywords: words(`
    abstract any as asserts async await boolean break case catch class const continue debugger declare default delete do
    else enum export extends false finally for from function get if implements import in infer instanceof interface is
    keyof let namespace never new null number object of private protected public readonly return satisfies set static
    string super switch symbol this throw true try type typeof undefined unknown using var void while with yield
  `),
};
const json: Language = { ...cLike, keywords: words('true false null') };
const css: Language = {
  ...cLike,
  lineComment: [],
  keywords: words('important inherit initial unset auto none'),
};
const markup: Language = {
  lineComment: [],
  blockComment: ['<!--', '-->'],
  quotes: ['"', "'"],
  longQuotes: [],
  keywords: words('html head body script style link meta div span'),
};
const hash: Omit<Language, 'keywords'> = {
  lineComment: ['#'],
  blockComment: null,
  quotes: ['"', "'"],
  longQuotes: [],
};
const python: Language = {
  ...hash,
  longQuotes: ['"""', "'''"],
  keywords: words(`
    False None True and as assert async await break class continue def del elif else except finally for from global if
    import in is lambda match nonlocal not or pass raise return self try while with yield
  `),
};
const shell: Language = {
  ...hash,
  keywords: words(
    'if then else elif fi for while do done case esac in function return local export set exit',
  ),
};
const settings: Language = { ...hash, keywords: words('true false null yes no on off') };
const compiled: Language = {
  ...cLike,
  keywords: words(`
    abstract as async await bool break case char class const continue crate default defer do double dyn else enum extern
    false final float fn for func go if impl implements import in int interface let long loop match mod mut namespace new
    nil null package private protected pub public range return self short static string struct super switch this throw
    trait true try type unsafe use using var void where while
  `),
};
const plain: Language = {
  lineComment: [],
  blockComment: null,
  quotes: [],
  longQuotes: [],
  keywords: new Set(),
};

const byEnding: Record<string, Language> = {
  ...each('ts tsx mts cts js jsx mjs cjs vue svelte', script),
  ...each('json jsonc json5 webmanifest map', json),
  ...each('css scss less', css),
  ...each('html htm xml svg', markup),
  ...each('py pyi', python),
  ...each('sh bash zsh fish dockerfile makefile', shell),
  ...each('yaml yml toml ini cfg conf env properties', settings),
  ...each('go rs java kt swift c h cc cpp hpp cs php scala dart', compiled),
};

function each(endings: string, language: Language): Record<string, Language> {
  return Object.fromEntries(endings.split(' ').map((ending) => [ending, language]));
}

/** The language of a file, by its name; without colours where it is not known. */
export function languageOf(path: string): Language {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(byEnding, ending) ? byEnding[ending]! : plain;
}
