/** Whose parameter names a weights file has. */
export const PARAMETER_NAMINGS = ['akamaster', 'iavicenna', 'mbsariyildiz', 'zhenye-na', 'drgripa1'] as const
export type ParameterNaming = (typeof PARAMETER_NAMINGS)[number]
