import { z } from 'zod'
import { APP_ERROR_CODES } from '../base/app-error.ts'

/** A failure as plain data: what crosses `postMessage`, what is stored of it, and what a person reads. */
export const failureSchema = z.object({
  code: z.enum(APP_ERROR_CODES),
  message: z.string(),
  details: z.string().nullable(),
})
