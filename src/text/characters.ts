/** Counting characters: Unicode code points, so that an emoji outside the basic plane is one and not two. */

/** Code points of a text, or of several together. */
export function countCharacters(text: string | readonly string[]): number {
  if (typeof text !== 'string') return text.reduce((sum, one) => sum + countCharacters(one), 0);
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // The second half of a pair was counted with the first.
    const next = text.charCodeAt(i + 1);
    if (unit >= 0xd8_00 && unit <= 0xdb_ff && next >= 0xdc_00 && next <= 0xdf_ff) i += 1;
    count += 1;
  }
  return count;
}
