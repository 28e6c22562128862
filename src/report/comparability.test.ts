import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../test/fixtures/synthetic-journal.ts';
import type { Cell } from '../axes/cell.ts';
import { comparabilityCaveats } from './comparability.ts';

const cell = (engine: string, options: Cell['options'] = {}): Cell => ({ ...BASE_CELL, engine, options });
const eager = cell('bettertransformer', { form: 'eager', control: 'none', paddingShare: 0 });
const ids = (...cells: Cell[]): string[] => comparabilityCaveats(cells).map(({ id }) => id);

describe('comparability', () => {
  it('says nothing of an engine held against itself', () => {
    expect(ids(eager, cell('bettertransformer', { form: 'transformed', control: 'none' }))).toEqual([]);
    expect(ids(cell('transformers'), cell('openvino'))).toEqual([]);
  });

  it('says of an engine in an environment of another time beside others what may be compared', () => {
    const [caveat, ...rest] = comparabilityCaveats([eager, cell('transformers')]);
    expect(rest).toEqual([]);
    expect(caveat?.severity).toBe('warning');
    expect(caveat?.text.en).toContain('BetterTransformer beside other engines');
    expect(caveat?.text.en).toContain('form=transformed against form=eager');
  });

  it('names controls', () => {
    const control = cell('bettertransformer', { form: 'eager', control: 'encoder', paddingShare: 0.5 });
    expect(ids(control)).toEqual(['other-work']);
  });
});
