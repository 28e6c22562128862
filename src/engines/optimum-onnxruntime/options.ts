/** Options of the optimum-onnxruntime engine: none so far. */
import { z } from 'zod';

export const optimumOnnxruntimeOptions = z.strictObject({});
