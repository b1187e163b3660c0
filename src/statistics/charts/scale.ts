/** Where the axis ends and its lines: round numbers, at most `lines` of them above zero. */
export function roundScale(largest: number, lines = 4): readonly number[] {
  if (!(largest > 0)) return [0, 1]
  const rough = largest / lines
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough
  const count = Math.ceil(largest / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, i) => i * step)
}

/** With one decimal: a tenth of a unit is less than anybody sees. */
export const place = (value: number): string => (Math.round(value * 10) / 10).toString()

/**
 * How charts look, by variables that the page sets for light, dark and paper. Text is the page's own
 * size: a chart is drawn for the width at which it is shown.
 */
export const chartStyle = `.chart{display:block;width:100%;height:auto;overflow:visible;direction:ltr}
.chart text{font:12px/1 var(--face,system-ui,sans-serif);fill:var(--ink)}
.chart .quiet{fill:var(--muted)}
.chart .strong{font-weight:650}
.chart .grid{stroke:var(--grid);stroke-width:1}
.chart .base{stroke:var(--ink);stroke-width:1}
.chart .now{fill:var(--now)}
.chart .before{fill:var(--before)}
.chart .line{fill:none;stroke:var(--now);stroke-width:2.2;stroke-linejoin:round}
.chart .coming{stroke-dasharray:3 4}
.chart .band{fill:var(--now);opacity:.16}
.chart .tick{stroke:var(--ink);stroke-width:2}
.chart [direction=rtl]{direction:rtl}`
