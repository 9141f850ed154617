/** Where the built app is served during the tests. */
export const APP_PORT = 4180
/** Where the tests play the official archive host. */
export const ARCHIVES_PORT = 4181
