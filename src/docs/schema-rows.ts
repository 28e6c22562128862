/** A JSON schema as rows for people: key, what it may be, default, meaning. */
import { inlineCode } from './markdown.ts';

export interface SchemaNode {
  readonly type?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Rows `[key, allowed, default, meaning]` of an object's fields. */
export function schemaRows(node: SchemaNode): string[][] {
  const required = node.required ?? [];
  return Object.entries(node.properties ?? {}).map(([key, field]) => [
    inlineCode(key),
    allowedText(field),
    required.includes(key) && field.default === undefined ? 'required' : defaultText(field.default),
    field.description ?? '',
  ]);
}

/** What a value may be, in words. */
export function allowedText(node: SchemaNode): string {
  if (node.$ref !== undefined) return node.$ref.endsWith('/metric') ? 'id of a metric' : 'pattern (below)';
  if (node.enum !== undefined) return node.enum.map((value) => inlineCode(String(value))).join(', ');
  if (node.const !== undefined) return inlineCode(String(node.const));
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(allowedText))].join(' or ');
  if (node.type === 'array') return `list of ${node.items === undefined ? 'values' : wrapped(node.items)}`;
  if (node.type === 'string' && node.pattern !== undefined) return patternText(node.pattern);
  if (node.type === 'string') return 'text';
  if (node.type === 'integer' || node.type === 'number') return numberText(node);
  if (node.type === 'boolean') return '`true`, `false`';
  return node.type === 'object' ? 'object (below)' : 'any value';
}

/** What the entries of a list may be. */
function wrapped(node: SchemaNode): string {
  if (node.oneOf !== undefined) return 'objects (below)';
  if (node.anyOf?.some(({ properties }) => properties !== undefined)) return 'names or objects (below)';
  if (node.properties !== undefined) return 'objects (below)';
  return node.anyOf !== undefined && node.anyOf.length > 1 ? 'these' : allowedText(node);
}

/** Patterns that stand for a notation of their own. */
function patternText(pattern: string): string {
  if (pattern.includes('\\.\\.')) return 'range `a..b`, `2^a..2^b`';
  if (pattern.includes('(ms|s|m|h)')) return 'duration such as `90s`, `4m`';
  if (pattern.includes('pp|tg')) return 'test such as `pp512`, `tg128@4096`';
  if (pattern.includes('@[^@]+')) return '`id@version`';
  return 'text';
}

function numberText({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  const kind = type === 'integer' ? 'whole number' : 'number';
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined)
    return `${kind} between ${exclusiveMinimum} and ${exclusiveMaximum}, both excluded`;
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (low !== undefined && high !== undefined) return `${kind} from ${low} to ${high}`;
  if (low !== undefined) return `${kind} of at least ${low}`;
  return high === undefined ? kind : `${kind} of at most ${high}`;
}

function defaultText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return '';
  return inlineCode(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
