// Executes a request with the library, and is gone as soon as the first file is new. No handler runs at SIGKILL.
import { readFile } from 'node:fs/promises';
import { SelfImprovementService } from 'moult';

const [, , root, requestFile] = process.argv;
const service = new SelfImprovementService(root, {
  onProgress: ({ type }) => type === 'applied' && process.kill(process.pid, 'SIGKILL'),
});
await service.planImprovement(JSON.parse(await readFile(requestFile, 'utf8')));
await service.executeImprovement();
