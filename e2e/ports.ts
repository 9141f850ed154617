/** Where the built app is served during the tests; E2E_PORT where another checkout's tests run beside them. */
export const APP_PORT = Number(process.env['E2E_PORT'] ?? 4180)
/** Where the tests play the official archive host. */
export const ARCHIVES_PORT = APP_PORT + 1
/** Where on the app's server the browser reports what the Content-Security-Policy refused. */
export const VIOLATIONS = '/violations'
