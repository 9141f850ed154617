// How much room text takes in a drawing, estimated: what is drawn in a file has no page to be measured in.

/** Of the drawings' text, in CSS pixels. */
export const FONT_SIZE = 12
export const LINE_HEIGHT = 18

/** A little more than the mean of the fonts that `Drawing` names. */
const EMS_A_CHARACTER = 0.56

/** In CSS pixels, at the drawings' font size unless another is given. */
export const textWidth = (text: string, fontSize = FONT_SIZE) => text.length * fontSize * EMS_A_CHARACTER

/** In lines of at most this width where words allow it. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}
