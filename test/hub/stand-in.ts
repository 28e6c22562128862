/** A stand-in for the Hugging Face hub with faults: the three addresses that a download uses, over files in memory. */
import { createHash } from 'node:crypto';

export interface StandInRepository {
  readonly name: string;
  readonly commit: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** What the server does with a request for content from byte `start` on; undefined = as it should. */
export type ContentFault = (path: string, start: number, whole: Uint8Array) => Response | undefined;

export interface StandIn {
  /** Answers as the hub does. */
  readonly answer: (request: Request) => Response;
  /** Paths of the requests, with the range where one was asked for. */
  readonly requests: string[];
  /** Authorization headers that came. */
  readonly authorizations: (string | null)[];
  repository: StandInRepository;
  contentFault: ContentFault | undefined;
  /** Answers everything with this status. */
  status: number | undefined;
  /** The hub's list shows other content than what it sends. */
  readonly listed: Record<string, Uint8Array>;
}

export function hubStandIn(repository: StandInRepository): StandIn {
  const standIn: StandIn = {
    requests: [],
    authorizations: [],
    repository,
    contentFault: undefined,
    status: undefined,
    listed: {},
    answer: (request) => {
      const { pathname } = new URL(request.url);
      const range = request.headers.get('range');
      standIn.requests.push(range === null ? pathname : `${pathname} ${range}`);
      standIn.authorizations.push(request.headers.get('authorization'));
      if (standIn.status !== undefined)
        return Response.json({ error: 'refused' }, { status: standIn.status });
      const { name, commit, files } = standIn.repository;
      if (pathname.startsWith(`/api/models/${name}/revision/`)) {
        const revision = decodeURIComponent(pathname.split('/').at(-1) ?? '');
        return ['main', 'v1', commit].includes(revision)
          ? Response.json({ _id: '1', id: name, sha: commit, lastModified: '2026-01-01T00:00:00.000Z' })
          : Response.json({ error: 'Invalid rev id' }, { status: 404 });
      }
      if (pathname === `/api/models/${name}/tree/${commit}`) {
        const entries = Object.keys(files).map((path) => {
          const bytes = standIn.listed[path] ?? bytesOf(files[path] ?? '');
          return entryOf(path, bytes);
        });
        return Response.json([{ type: 'directory', path: 'onnx', size: 0, oid: '0'.repeat(40) }, ...entries]);
      }
      const path = pathname.slice(`/${name}/resolve/${commit}/`.length);
      const content = files[path];
      if (content === undefined || !pathname.startsWith(`/${name}/resolve/`)) {
        return Response.json({ error: 'not found' }, { status: 404 });
      }
      return contentAnswer(standIn, path, bytesOf(content), range);
    },
  };
  return standIn;
}

/** The stand-in as the network of a test host. */
export const standInNetwork = ({ answer }: Pick<StandIn, 'answer'>): { readonly fetch: typeof fetch } => ({
  fetch: (input, init) => Promise.resolve(answer(new Request(input, init))),
});

export const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

function contentAnswer(standIn: StandIn, path: string, whole: Uint8Array, range: string | null): Response {
  const asked = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
  const isQuestion = range === 'bytes=0-0';
  const start = Number(asked?.[1] ?? 0);
  const end = Math.min(Number(asked?.[2] ?? whole.byteLength - 1), whole.byteLength - 1);
  const fault = isQuestion ? undefined : standIn.contentFault?.(path, start, whole);
  if (fault !== undefined) return fault;
  const headers = {
    etag: `"${hashOf(whole)}"`,
    'content-range': `bytes ${start}-${end}/${whole.byteLength}`,
  };
  return new Response(Buffer.from(whole.subarray(start, end + 1)), {
    status: asked === null ? 200 : 206,
    headers,
  });
}

function entryOf(path: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const large = path.endsWith('.safetensors');
  const oid = createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
  const lfs = { oid: hashOf(bytes), size: bytes.byteLength, pointerSize: 130 };
  return { type: 'file', path, size: bytes.byteLength, oid, ...(large ? { lfs } : {}) };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
