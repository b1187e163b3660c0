/**
 * The order of PHP's `natcasesort`, in which ver3 joins the values [CMI-ver3]: digit runs compare as
 * numbers, letters without regard to case by folding to UPPER case, so that `_` comes after them.
 */
export function compareNatural(a: string, b: string): number {
  let i = leadingZeros(a)
  let j = leadingZeros(b)
  if (a === '' || b === '') return a.length - b.length
  for (;;) {
    while (isSpace(a, i)) i++
    while (isSpace(b, j)) j++
    if (isDigit(a, i) && isDigit(b, j)) {
      const fractional = a[i] === '0' || b[j] === '0'
      const order = fractional ? compareLeft(a, i, b, j) : compareRight(a, i, b, j)
      if (order !== 0) return order
      // Equal runs are equally long.
      const length = digitRun(a, i)
      i += length
      j += length
      if (i >= a.length || j >= b.length) return ended(a, i, b, j)
    }
    const left = upper(a, i)
    const right = upper(b, j)
    if (left !== right) return left - right
    i++
    j++
    if (i >= a.length || j >= b.length) return ended(a, i, b, j)
  }
}

function ended(a: string, i: number, b: string, j: number): number {
  if (i >= a.length) return j >= b.length ? 0 : -1
  return 1
}

/** Whole numbers: the longer run wins; of equally long ones the first different digit decides. */
function compareRight(a: string, i: number, b: string, j: number): number {
  const lengths = digitRun(a, i) - digitRun(b, j)
  return lengths === 0 ? compareLeft(a, i, b, j) : lengths
}

/** Left-aligned, as after a decimal point: the first different digit decides, then the length. */
function compareLeft(a: string, i: number, b: string, j: number): number {
  for (; ; i++, j++) {
    if (!isDigit(a, i)) return isDigit(b, j) ? -1 : 0
    if (!isDigit(b, j)) return 1
    const difference = a.charCodeAt(i) - b.charCodeAt(j)
    if (difference !== 0) return difference
  }
}

/** Zeros before another digit are skipped at the start of a name only, as PHP does. */
function leadingZeros(text: string): number {
  let count = 0
  while (text[count] === '0' && isDigit(text, count + 1)) count++
  return count
}

function digitRun(text: string, start: number): number {
  let end = start
  while (isDigit(text, end)) end++
  return end - start
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 32 || (code >= 9 && code <= 13)
}

function upper(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (Number.isNaN(code)) return 0
  return code >= 97 && code <= 122 ? code - 32 : code
}
