/** Descriptors that this process inherited: the duplex channel to the controller, and raw writes. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** A duplex stream of bytes; every callback may be called more than once except `onClose`. */
export interface ByteChannel {
  /** Queues `text`; a channel whose other end is gone swallows it. */
  write(text: string): void;
  onData(listener: (chunk: Uint8Array) => void): void;
  /** The other end is gone, or closed its side. */
  onClose(listener: () => void): void;
  /** Resolves when everything written has left this process, or the channel is gone. */
  flushed(): Promise<void>;
}

/** The socket inherited as descriptor `descriptor`. @throws where there is none. */
export function inheritedChannel(descriptor: number): ByteChannel {
  return byteChannel(new Socket({ fd: descriptor, readable: true, writable: true }));
}

export function byteChannel(socket: Socket): ByteChannel {
  let closed = false;
  const closeListeners: (() => void)[] = [];
  const close = (): void => {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  };
  socket.on('end', close);
  socket.on('close', close);
  // A broken pipe is reported as the end of the channel: that is what it means here.
  socket.on('error', close);
  return {
    write: (text) => {
      if (!closed && socket.writable) socket.write(text);
    },
    onData: (listener) => {
      socket.on('data', listener);
    },
    onClose: (listener) => {
      if (closed) listener();
      else closeListeners.push(listener);
    },
    flushed: () =>
      new Promise((resolve) => {
        if (closed || !socket.writable) resolve();
        else socket.write('', () => resolve());
      }),
  };
}

/** Writes all of `text` to a descriptor, blocking. Whatever goes wrong is the reader's business. */
export function writeToDescriptor(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.byteLength; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}
