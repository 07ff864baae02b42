import type { Report } from '../../protocol/session.js';
import { reportSource } from './report-source.js';
import { serverSource } from './server-source.js';
import type { Source } from './source.js';

/** The report in this page, where there is one; else the server. */
export function findSource(page: Document): Source {
  const report = page.getElementById('moult-report')?.textContent;
  return report ? reportSource(JSON.parse(report) as Report) : serverSource;
}
