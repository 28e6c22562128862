import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.ts';

describe('wrap', () => {
  it('breaks Japanese between words, within the columns, and loses no character', () => {
    const text =
      '文章の先頭を窓ごとにモデルに与え、各トークンがどれだけ確からしかったかを合計します（時間は測りません）。';
    for (const width of [20, 30, 41]) {
      const lines = wrap(text, width).split('\n');
      expect(lines.join('')).toBe(text);
      for (const line of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/^[、。）]/);
        expect(line).not.toMatch(/（$/);
      }
    }
  });

  it('breaks between Japanese and other words only at places that read', () => {
    expect(wrap('重みは model.safetensors に、設定は config.json にあります', 24)).toBe(
      '重みは model.safetensors\nに、設定は config.json\nにあります',
    );
  });

  it('keeps lines that are there', () => {
    expect(wrap('一\n\n二', 40)).toBe('一\n\n二');
  });
});
