import { Component, type ReactNode } from 'react'
import { type Failure, toFailure } from '../../base/app-error.ts'
import { ActionButton } from './controls/action-button.tsx'
import { FailureNotice } from './controls/notice.tsx'

const UNREACHABLE = 'could not be fetched: the connection was lost, or the page has been updated.'

type Props = { readonly name: string; readonly children: ReactNode }

/** Keeps an error within its panel: the rest of the page, and the training in its worker, go on. */
export class PanelBoundary extends Component<Props, { readonly failure: Failure | null }> {
  override state: { readonly failure: Failure | null } = { failure: null }

  static getDerivedStateFromError(error: unknown): { failure: Failure } {
    return { failure: toFailure(error) }
  }

  override render(): ReactNode {
    const { failure } = this.state
    if (!failure) return this.props.children
    const why = failure.code === 'part-unreachable' ? UNREACHABLE : 'could not be shown.'
    const message = `"${this.props.name}" ${why} Training continues. Show it again, or reload the page.`
    return (
      <>
        <FailureNotice failure={{ ...failure, message, details: failure.details ?? failure.message }} />
        <ActionButton onPress={() => this.setState({ failure: null })}>Show again</ActionButton>
      </>
    )
  }
}
