/** Whose parameter names a weights file has. */
export const DIALECTS = ['akamaster', 'iavicenna', 'mbsariyildiz', 'zhenye-na', 'drgripa1'] as const
export type Dialect = (typeof DIALECTS)[number]
