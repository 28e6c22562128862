import { describe, expect, it } from 'vitest';
import { anonymiser, anonymous } from './anonymous.ts';

const anonymise = anonymiser({
  hostName: 'bench-07',
  userName: 'alice',
  folders: ['/srv/my runs/one', '/home/alice', '/cache'],
  models: ['/home/alice/my model', '/data/real.gguf'],
});

describe('anonymiser', () => {
  it.each([
    ['File "/usr/lib/python3.12/site-packages/torch/nn.py", line 3', 'File "<path>/nn.py", line 3'],
    ['LD_LIBRARY_PATH=/opt/a/lib:/opt/b/lib', 'LD_LIBRARY_PATH=<path>:<path>'],
    ['cannot open /srv/my runs/one/x.f32', 'cannot open <path>/x.f32'],
    ['read /cache/gguf/0123-f32.gguf', 'read <path>/0123-f32.gguf'],
    ['in /home/alice and /home/bob and /Users/first.last/', 'in <path> and <path> and <path>'],
    ['~/.cache/hub is full', '<path> is full'],
    ['file:///data/models/a.gguf', 'file://<path>/a.gguf'],
    ['C:\\Users\\alice\\model.gguf is gone', '<path>/model.gguf is gone'],
    ['path: /home/alice/my model', 'path: my model'],
    ['path: /data/real.gguf', 'path: real.gguf'],
    ['path: /data/real.gguf-2', 'path: <path>'],
    ['started on bench-07 by alice@bench-07', 'started on <host> by <user>@<host>'],
  ])('takes out %s', (text, expected) => {
    expect(anonymise(text)).toBe(expected);
  });

  it.each([
    '87.1 tokens/s and 41.2 GB/s',
    'not in /proc/cpuinfo, no /etc/os-release',
    'https://example.org/a/b.html',
    'owner/name at ../schemas/study.schema.json',
    'and/or, 1/2, // comment',
    'bench-070 is another',
  ])('leaves %s', (text) => {
    expect(anonymise(text)).toBe(text);
  });

  it('changes nothing the second time', () => {
    const once = anonymise('/home/alice/a.py on bench-07, /opt/x/y/');
    expect(anonymise(once)).toBe(once);
  });

  it('leaves names that every machine has', () => {
    const common = anonymiser({ hostName: 'localhost', userName: 'root', folders: ['/'], models: [] });
    expect(common('the root cause on localhost')).toBe('the root cause on localhost');
  });

  it('goes through plain data, keys included, and keeps its shape', () => {
    const value = { a: ['/home/alice/x', 1, null], '/home/alice': { b: true, c: undefined } };
    expect(anonymous(value, anonymise)).toEqual({
      a: ['<path>', 1, null],
      '<path>': { b: true, c: undefined },
    });
  });
});
