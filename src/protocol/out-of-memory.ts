/** Recognises, in anyone's words, that memory ran out: libraries, V8 and the C++ runtime report it as text only. */
import type { Words } from '../kernel/language.ts';

/** The way out for who asks for too much. */
export const ASK_FOR_LESS: Words = {
  en: 'use a smaller batch, a shorter context or fewer bits',
  ja: 'バッチを小さくするか、文脈を短くするか、ビット数を減らしてください',
};

const OUT_OF_MEMORY =
  /out of memory|bad_alloc|cannot allocate|failed to allocate|allocation failed|not enough memory|\bENOMEM\b|ERR_WORKER_OUT_OF_MEMORY/i;

export const saysOutOfMemory = (text: string): boolean => OUT_OF_MEMORY.test(text);
