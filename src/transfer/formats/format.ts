// What an export format is: everything that menus, the command line and the worker need to know of it, in one object.
import type { DeviceInfo } from '../../contract/device-info.ts'
import type { ParameterNaming } from '../../network/parameter-namings.ts'
import type { ResultsTable } from '../../runs/results-table.ts'
import type { Checkpoint } from '../../training/checkpoint.ts'
import type { RunScores } from '../metrics-files.ts'

/** What can be exported, by what a format is of. */
export type Subjects = {
  /** A run as it stood between two steps, with its weights. */
  readonly checkpoint: Checkpoint & {
    readonly run: string
    readonly naming: ParameterNaming
    /** Whether each name begins with `module.`, where the format can have it so. */
    readonly modulePrefix?: boolean
  }
  /** What runs have reported. */
  readonly metrics: {
    readonly runs: readonly RunScores[]
    /** That they were trained on, where it is known. */
    readonly device: DeviceInfo | null
    /** Milliseconds since 1970: the time of an epoch that has none of its own. */
    readonly at: number
  }
  /** A table of results over runs and seeds. */
  readonly results: ResultsTable
}

export type Content = string | Uint8Array
/** One file, or the files of a folder by name. */
export type Exported = Content | ReadonlyMap<string, Content>

/** What comes out of each. */
type Outputs = { readonly checkpoint: Exported; readonly metrics: Content; readonly results: string }

export type ExportFormat<Of extends keyof Subjects = keyof Subjects> = {
  /** On the command line. */
  readonly id: string
  /** In menus. */
  readonly label: string
  /** What it is for, in a few words. */
  readonly note: string
  readonly subject: Of
  /** Of its file; of a folder's files in the page, "zip". */
  readonly extension: string
  readonly mediaType: string
  /** Whether parameters are in it under an author's names. */
  readonly isNamed?: boolean
  /** Whether these names can begin with `module.`, as in DataParallel’s state_dict. */
  readonly isPrefixable?: boolean
  /** Whether each run wants a file of its own. */
  readonly isPerRun?: boolean
  /** @param name of what is exported, without an extension; `at` as in the metrics */
  readonly fileName?: (name: string, at: number) => string
  /** Loads its writer when it is first asked for. */
  readonly write: (subject: Subjects[Of]) => Outputs[Of] | Promise<Outputs[Of]>
}

/** What a menu needs to know of a format. */
export type FormatFacts = Omit<ExportFormat, 'write'>

export function defineFormat<const Of extends keyof Subjects>(format: ExportFormat<Of>): ExportFormat<Of> {
  return format
}
