/** The published JSON schema of study files, for completion and checks in editors. */
import { z } from 'zod';
import { studySchema } from './schema.ts';
import type { Vocabulary } from './vocabulary.ts';

/** JSON schema (draft 2020-12) of what a study file may hold. */
export function studyJsonSchema(vocabulary: Vocabulary): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(studySchema(vocabulary), {
    io: 'input',
    unrepresentable: 'any',
  });
  return { $schema, title: 'Hayasa study', ...schema };
}
