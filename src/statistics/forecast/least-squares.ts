/**
 * Coefficients that make the sum of squared errors and of `penalties[j] × coefficient[j]²` least. A
 * penalty keeps a column that the rows say little about from taking a wild coefficient.
 */
export function ridge(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  penalties: readonly number[],
): readonly number[] {
  const size = penalties.length
  const normal = penalties.map((penalty, i) =>
    penalties.map((_, j) => (i === j ? penalty + 1e-9 : 0)),
  )
  const right = penalties.map(() => 0)
  rows.forEach((row, r) => {
    const value = values[r] ?? 0
    for (let i = 0; i < size; i++) {
      const left = row[i] ?? 0
      if (left === 0) continue
      right[i] = (right[i] ?? 0) + left * value
      const line = normal[i]
      if (line === undefined) continue
      for (let j = 0; j < size; j++) line[j] = (line[j] ?? 0) + left * (row[j] ?? 0)
    }
  })
  return solve(normal, right)
}

/** Gauss with the largest pivot; the matrix is positive definite, so there always is one. */
function solve(matrix: number[][], right: number[]): readonly number[] {
  const size = right.length
  const lines = matrix.map((line, i) => [...line, right[i] ?? 0])
  const at = (i: number, j: number): number => lines[i]?.[j] ?? 0
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(at(i, column)) > Math.abs(at(pivot, column))) pivot = i
    }
    const [upper, lower] = [lines[column], lines[pivot]]
    if (upper === undefined || lower === undefined) continue
    lines[column] = lower
    lines[pivot] = upper
    for (let i = column + 1; i < size; i++) {
      const factor = at(i, column) / at(column, column)
      const line = lines[i]
      if (factor === 0 || line === undefined) continue
      for (let j = column; j <= size; j++) line[j] = at(i, j) - factor * at(column, j)
    }
  }
  const solution = right.map(() => 0)
  for (let i = size - 1; i >= 0; i--) {
    let rest = at(i, size)
    for (let j = i + 1; j < size; j++) rest -= at(i, j) * (solution[j] ?? 0)
    solution[i] = rest / at(i, i)
  }
  return solution
}
