// Faults at the edges of the worker (storage, engine, locks, messages): every call that leaves it is counted, and those
// from `first` to `last` fail. As SQLite's tests do it: count once, then fail each in turn.
/* oxlint-disable no-underscore-dangle -- names of fake-indexeddb's */
import { AppError } from '../../base/app-error.ts'
import type { Engine, Trainer } from '../../engine/engine.ts'

/** How an engine fails: as a device that is lost, or in a way that nobody foresaw. */
export type EngineFault = 'lost' | 'unforeseen'

export type FaultPlan = { readonly first: number; readonly last: number; readonly engine: EngineFault }

export type Faults = {
  /** @throws the fault, where it is this call's turn */
  readonly cross: (edge: string, fault?: () => Error) => void
  /** The edges crossed so far, in their order. */
  readonly crossed: readonly string[]
  readonly plan: FaultPlan
  /** From now on nothing fails, and nothing is counted. */
  readonly end: () => void
}

export const NO_FAULT: FaultPlan = { first: Number.POSITIVE_INFINITY, last: 0, engine: 'lost' }

export function createFaults(plan: FaultPlan): Faults {
  const crossed: string[] = []
  let hasEnded = false
  return {
    crossed,
    plan,
    cross(edge, fault = () => new Error(`injected at ${edge}`)) {
      if (hasEnded) return
      crossed.push(edge)
      if (crossed.length >= plan.first && crossed.length <= plan.last) throw fault()
    },
    end() {
      hasEnded = true
    },
  }
}

type Request = { readonly source?: unknown; readonly operation: () => unknown }
/** Of fake-indexeddb: the only place where a request or a commit can be made to fail. */
type Transaction = {
  readonly _requests: readonly unknown[]
  readonly _state: string
  readonly _abort: (name: string) => void
  _start: (this: Transaction) => void
  _execRequestAsync: (this: Transaction, request: Request) => unknown
  readonly mode: string
}
declare const IDBTransaction: { readonly prototype: Transaction }
declare const IDBDatabase: {
  readonly prototype: { transaction: (this: object, ...given: unknown[]) => unknown }
}

/**
 * IndexedDB fails as browsers' does: a transaction cannot begin, a request fails, or all went well and then the commit
 * does not. @returns undoes it
 */
export function breakStorage(faults: Faults): () => void {
  const transactions = IDBTransaction.prototype
  const databases = IDBDatabase.prototype
  const { _start: start, _execRequestAsync: execute } = transactions
  const { transaction } = databases

  databases.transaction = function begin(...given) {
    faults.cross(
      'transaction',
      () => new DOMException('The database connection is closing.', 'InvalidStateError'),
    )
    return transaction.apply(this, given)
  }
  transactions._execRequestAsync = function request(asked) {
    if (this.mode === 'versionchange') return execute.call(this, asked)
    const operation = () => {
      faults.cross(`request in ${this.mode}`, () => new DOMException('An injected fault.', 'UnknownError'))
      return asked.operation()
    }
    return execute.call(this, { ...asked, operation })
  }
  transactions._start = function run() {
    const commits = this._requests.length === 0 && this._state !== 'finished' && this.mode === 'readwrite'
    if (!commits) return start.call(this)
    try {
      faults.cross('commit')
    } catch {
      return this._abort('QuotaExceededError')
    }
    return start.call(this)
  }
  return () => {
    databases.transaction = transaction
    transactions._start = start
    transactions._execRequestAsync = execute
  }
}

/** An engine each of whose answers may be a fault instead. It is not closed with the lab: many use one after another. */
export function breakEngine(engine: Engine, faults: Faults): Engine {
  const cross = (edge: string) => faults.cross(`engine ${edge}`, () => engineFault(faults.plan.engine))
  return {
    info: engine.info,
    async compile(graph, options) {
      cross('compile')
      return breakTrainer(await engine.compile(graph, options), cross)
    },
    dispose: () => undefined,
  }
}

function breakTrainer(trainer: Trainer, cross: (edge: string) => void): Trainer {
  return {
    step: (batch, hyper) => trainer.step(batch, hyper),
    write: (state) => trainer.write(state),
    async drain() {
      cross('drain')
      return trainer.drain()
    },
    async evaluate(batch) {
      cross('evaluate')
      return trainer.evaluate(batch)
    },
    async features(batch) {
      cross('features')
      return trainer.features(batch)
    },
    async score(batches) {
      cross('score')
      return trainer.score(batches)
    },
    async read() {
      cross('read')
      return trainer.read()
    },
    dispose: () => trainer.dispose(),
  }
}

export function engineRefused(kind: EngineFault): Error {
  return kind === 'lost'
    ? new AppError('device-unavailable', 'No device.')
    : new TypeError('An injected fault.')
}

function engineFault(kind: EngineFault): Error {
  return kind === 'lost'
    ? new AppError('device-lost', 'The device was lost.')
    : new TypeError('An injected fault.')
}
