/**
 * Pieces to text as SentencePiece does it: control pieces say nothing, space marks become spaces, the space before the
 * first word goes away, bytes become characters. Source of the rules: sentencepiece, src/sentencepiece_processor.cc.
 */
import { byteOfPiece, decodeBytes } from '../byte-pieces.ts';
import type { SentencePieceModel } from './model-file.ts';
import { SPACE_MARK } from './normaliser.ts';

export function pieceDecoder(model: SentencePieceModel): (tokens: readonly number[]) => string {
  const { pieces, unknownSurface, normaliser } = model;
  const { addDummyPrefix, removeExtraWhitespaces } = normaliser;
  const stripsStart = addDummyPrefix || removeExtraWhitespaces;
  return (tokens) => {
    let text = '';
    let run: number[] = [];
    let atStart = true;
    let strippedOne = false;
    const closeRun = (): void => {
      text += decodeBytes(run);
      run = [];
    };
    for (const token of tokens) {
      const piece = pieces[token];
      if (piece === undefined) continue;
      if (piece.kind === 'byte') {
        run.push(byteOfPiece(piece.text) ?? 0);
        continue;
      }
      closeRun();
      if (strippedOne || text !== '') atStart = false;
      if (piece.kind === 'control') continue;
      if (piece.kind === 'unknown') {
        text += unknownSurface;
        continue;
      }
      const strips = atStart && stripsStart && piece.text.startsWith(SPACE_MARK);
      // Where spaces are removed, every leading one is; else only the one that was put there.
      strippedOne = strips && !removeExtraWhitespaces;
      text += (strips ? piece.text.slice(SPACE_MARK.length) : piece.text).replaceAll(SPACE_MARK, ' ');
    }
    closeRun();
    return text;
  };
}
