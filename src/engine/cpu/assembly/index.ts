export { setOwn } from './memory'
export { run } from './run'
