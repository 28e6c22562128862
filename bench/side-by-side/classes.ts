/** Classes of precision that engines are compared within: one study each, so that one run measures what is compared. */

export interface PrecisionClass {
  /** Its study is `studies/<id>.yaml`. */
  readonly id: string;
  readonly title: string;
}

/** In the order in which they are measured. */
export const CLASSES: readonly PrecisionClass[] = [
  { id: 'fp32', title: '32 bit' },
  { id: '8-bit', title: '8 bit' },
  { id: '4-bit', title: '4 bit' },
  { id: '16-bit', title: '16 bit' },
];

/** The engine on Hayasa's own graph, which is compared with the best of all others. */
export const EMBEDDED = 'onnxruntime';
