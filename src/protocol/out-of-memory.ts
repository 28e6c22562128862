/** Recognises, in anyone's words, that memory ran out: libraries, V8 and the C++ runtime report it as text only. */

const OUT_OF_MEMORY =
  /out of memory|bad_alloc|cannot allocate|failed to allocate|allocation failed|not enough memory|\bENOMEM\b|ERR_WORKER_OUT_OF_MEMORY/i;

export const saysOutOfMemory = (text: string): boolean => OUT_OF_MEMORY.test(text);
