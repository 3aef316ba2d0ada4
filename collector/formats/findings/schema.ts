import { z } from 'zod';
import { findingMeanings } from './finding.ts';

/** One thing a check noticed. */
export const findingSchema = z
  .object({
    code: z
      .enum(Object.keys(findingMeanings) as [keyof typeof findingMeanings])
      .describe('What kind of thing it is'),
    severity: z
      .enum(['error', 'warning', 'note'])
      .describe('error: data is hidden; warning: it may be; note: worth knowing'),
    file: z.string().describe('Path relative to the book, with forward slashes'),
    line: z.number().int().optional().describe('Line number from 1'),
    path: z.string().optional().describe('JSON path inside the record'),
    expected: z.string().describe('What was expected, as a phrase'),
    found: z.string().describe('What was found, as a phrase'),
    hint: z.string().describe('What to do about it'),
  })
  .describe('One thing a check noticed');
