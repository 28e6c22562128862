/**
 * One file into the blobs of the cache. It grows under `<hash>.incomplete`, is taken up there by whoever comes next, and
 * gets its name only once size and hash are right.
 */

import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { Files, Host } from '../host/host.ts';
import { isProcess, ownPid } from '../host/own-process.ts';
import { HayasaError, messageOf } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import type { HubId } from '../models/hub-id.ts';
import { pause_ms, TRIES, withDeadline } from './deadline.ts';
import { cutOff, hubError, interrupted, isPassing } from './failures.ts';
import type { HubFile, HubRepository } from './repository.ts';

const PIECE_BYTES = 8 * 2 ** 20;

/** Bytes of `file` that lie in `blobs` already, whole or not. */
export function bytesHere(files: Files, blobs: string, { hash, bytes }: HubFile): number {
  if (files.size(join(blobs, hash.hex)) === bytes) return bytes;
  const here = files.size(incompletePath(blobs, hash.hex)) ?? 0;
  return here <= bytes ? here : 0;
}

/**
 * @param onBytes called with the bytes of the file that are here, whenever some came
 * @throws HayasaError `hub/busy`, `hub/cut-off`, `hub/stalled`, `hub/changed`, `hub/corrupt`, `hub/interrupted`, `file/disk-full`; what came
 * is kept, save where its hash is wrong
 */
export async function fetchFile(
  host: Host,
  repository: HubRepository,
  file: HubFile,
  blobs: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const target = join(blobs, file.hash.hex);
  if (host.files.size(target) === file.bytes) return;
  const release = claim(host.files, repository.id, join(blobs, `${file.hash.hex}.lock`));
  try {
    await fetchClaimed(host, repository, file, blobs, onBytes, signal);
  } finally {
    release();
  }
}

async function fetchClaimed(
  host: Host,
  repository: HubRepository,
  file: HubFile,
  blobs: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { files, clock } = host;
  const target = join(blobs, file.hash.hex);
  const incomplete = incompletePath(blobs, file.hash.hex);
  let here = bytesHere(files, blobs, file);
  if (here === 0) files.remove(incomplete);
  const hash = hashOf(file);
  for (let at = 0; at < here; at += PIECE_BYTES) {
    hash.update(files.readRange(incomplete, at, Math.min(PIECE_BYTES, here - at)));
  }
  const output = files.openAppend(incomplete);
  try {
    for (let failed = 0; here < file.bytes; ) {
      if (signal.aborted) throw interrupted(repository.id);
      const before = here;
      try {
        for await (const piece of pieces(host, repository, file, here, signal)) {
          if (here + piece.byteLength > file.bytes)
            throw corrupt(repository, file, {
              en: 'is longer than listed',
              ja: 'が一覧より長いファイルです',
            });
          output.appendBytes(piece);
          hash.update(piece);
          here += piece.byteLength;
          onBytes(here);
        }
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
      if (here === file.bytes) break;
      failed = here > before ? 1 : failed + 1;
      if (failed >= TRIES) throw cutOff(`${repository.id.name}, ${file.name}`, here, file.bytes);
      if (!signal.aborted) await clock.sleep(pause_ms(failed), signal);
    }
    output.sync();
  } catch (error) {
    if (error instanceof HayasaError && error.code === 'hub/corrupt') files.remove(incomplete);
    throw error;
  } finally {
    output.close();
  }
  if (hash.digest('hex') !== file.hash.hex || files.size(incomplete) !== file.bytes) {
    files.remove(incomplete);
    throw corrupt(repository, file, {
      en: 'does not have the hash that the hub lists',
      ja: 'のハッシュがハブの一覧と一致しません',
    });
  }
  files.rename(incomplete, target);
}

/**
 * Two downloads that append to one file would spoil it. What a killed process left is recognised by its process id.
 * @throws HayasaError `hub/busy` where another download fetches the same file
 */
function claim(files: Files, id: HubId, path: string): () => void {
  const pid = String(ownPid());
  const taken = (): boolean => files.createExclusive(path, pid);
  if (!taken()) {
    const owner = files.tryReadText(path) ?? '';
    if (isProcess(Number(owner))) throw busy(id, owner, path);
    // Its owner was killed. Two that find this at once both remove it, and one of them makes it.
    files.remove(path);
    if (!taken()) throw busy(id, files.tryReadText(path) ?? '', path);
  }
  return () => files.remove(path);
}

/** The bytes from `start` on as they come. A failure of the connection is a `TypeError`, as of fetch itself. */
async function* pieces(
  { clock }: Host,
  repository: HubRepository,
  file: HubFile,
  start: number,
  outer: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const what = `${repository.id.name}, ${file.name}`;
  const own = new AbortController();
  const signal = AbortSignal.any([outer, own.signal]);
  try {
    const { stream, refusal } = await repository.open(file, start, signal);
    const reader = stream.getReader();
    for (;;) {
      const { done, value } = await withDeadline(
        clock,
        what,
        reader.read().catch((error: unknown) => {
          throw refusal() ?? new TypeError(`network: ${messageOf(error)}`);
        }),
      );
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (outer.aborted) throw interrupted(repository.id);
    throw error;
  } finally {
    own.abort();
  }
}

const busy = (id: HubId, owner: string, path: string): HayasaError =>
  new HayasaError({
    code: 'hub/busy',
    message: {
      en: `${id.name}: process ${owner} is downloading it`,
      ja: `${id.name}: プロセス ${owner} がダウンロードしています`,
    },
    hint: {
      en: `wait until it is done and run the same command again; if it is not Hayasa, remove ${path}`,
      ja: `終わるのを待ってから同じコマンドをもう一度実行してください。Hayasa でなければ ${path} を削除してください`,
    },
  });

const incompletePath = (blobs: string, hex: string): string => join(blobs, `${hex}.incomplete`);

/** Git's hash is over a header and the content. */
function hashOf({ hash, bytes }: HubFile): Hash {
  return hash.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`);
}

const corrupt = ({ id }: HubRepository, { name }: HubFile, how: Words): HayasaError =>
  hubError(
    'corrupt',
    {
      en: `${id.name}: what came as ${name} ${how.en}; it was removed`,
      ja: `${id.name}: 届いた ${name} ${how.ja}。削除しました`,
    },
    {
      en: 'try again; if it stays so, what lies between here and the hub (HF_ENDPOINT, a proxy) changes files',
      ja: 'もう一度試してください。続くなら、ハブまでの途中（HF_ENDPOINT、プロキシ）でファイルが書き換えられています',
    },
  );
