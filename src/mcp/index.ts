export { createMcpServer } from './create-mcp-server.js';
export { registerSelfImprove } from './register-self-improve.js';
export { SelfImprove, type Attended } from './self-improve.js';
export { serveHttp, type HttpOptions, type HttpServing } from './serve-http.js';
export { serveStdio, type StdioServing } from './serve-stdio.js';
export type { Answer } from './answer.js';
