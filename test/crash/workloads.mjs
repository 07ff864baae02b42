// The plans of the campaign: every combination of up to three kinds of change, with and without git, to every end.

/** What a workload may change. Each kind has files of its own, so that any combination is a valid plan. */
export const kinds = {
  modify: (n) => ({ file: `src/modify-${n}.txt`, type: 'modify', content: `new ${n}\n` }),
  create: (n) => ({ file: `src/create-${n}.txt`, type: 'create', content: `created ${n}\n` }),
  delete: (n) => ({ file: `src/delete-${n}.txt`, type: 'delete' }),
  mode: (n) => ({ file: `src/mode-${n}.sh`, type: 'modify', mode: '0755' }),
  nested: (n) => ({ file: `made-${n}/for/it.txt`, type: 'create', content: `nested ${n}\n` }),
  link: (n) => ({ file: `src/link-${n}.txt`, type: 'modify', symlink: 'keep.txt' }),
  unlink: (n) => ({ file: `src/unlink-${n}`, type: 'modify', content: `a file now ${n}\n`, mode: '0644' }),
  binary: (n) => ({
    file: `src/binary-${n}.bin`,
    type: 'modify',
    contentBase64: Buffer.from([0, 255, n, 10, 13, 0]).toString('base64'),
  }),
};

/** How a workload ends when nothing disturbs it. */
export const ends = ['completed', 'rolled_back', 'cancelled'];

export function allWorkloads() {
  const names = Object.keys(kinds);
  const combinations = [];
  for (let a = 0; a < names.length; a += 1) {
    combinations.push([a]);
    for (let b = a; b < names.length; b += 1) {
      combinations.push([a, b]);
      for (let c = b; c < names.length; c += 1) combinations.push([a, b, c]);
    }
  }
  return combinations.flatMap((combination) =>
    [true, false].flatMap((git) =>
      ends.map((end) => {
        const chosen = combination.map((index) => names[index]);
        return { name: `${chosen.join('+')}/${git ? 'git' : 'plain'}/${end}`, kinds: chosen, git, end };
      }),
    ),
  );
}

export function workloadNamed(name) {
  const found = allWorkloads().find((workload) => workload.name === name);
  if (!found) throw new Error(`There is no workload ${name}`);
  return found;
}

export function requestOf(workload) {
  return {
    description: workload.name,
    targetFiles: [],
    requiresRestart: false,
    changes: workload.kinds.map((kind, index) => kinds[kind](index)),
  };
}
