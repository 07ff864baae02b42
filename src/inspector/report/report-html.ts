import { createHash } from 'node:crypto';
import type { Report } from '../protocol/session.js';
import type { PageFiles } from '../server/package-files.js';

/**
 * One file that shows a report in any browser, without a server: the page's own script and style, allowed by their hashes
 * and nothing else, and the answers as data that no browser runs.
 */
export function reportHtml(title: string, report: Report, page: PageFiles): string {
  const script = page.script.replaceAll('</script', '<\\/script').replaceAll('<!--', '\\x3c!--');
  const style = page.style.replaceAll('</style', '<\\/style');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This report of moult needs JavaScript.</noscript>
<script type="application/json" id="moult-report">${asData(report)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON in which no markup can begin. */
function asData(report: Report): string {
  return JSON.stringify(report).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
