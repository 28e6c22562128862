/** Options of the vllm engine, by the library's own names. */
import { z } from 'zod';
import { described } from '../option-words.ts';

export const vllmOptions = z.strictObject({
  enforceEager: described(z.boolean().default(true), {
    en: "enforce_eager: true runs the model's modules as they are; false, vLLM's own default, compiles them with torch.compile anew at each load, which takes a C++ compiler and minutes",
    ja: 'enforce_eager: true はモデルのモジュールをそのまま動かす。false（vLLM の既定）はロードのたびに torch.compile でコンパイルし、C++ コンパイラーと数分を要する',
  }),
});
