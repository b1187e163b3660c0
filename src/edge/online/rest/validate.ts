import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { ValueErrorType, type ValueError } from '@sinclair/typebox/errors'
import type { Refusal } from './errors.ts'

/** Undefined when a value is as the schema says; else the first field that is not, and why. */
export type Check = (value: unknown) => Refusal | undefined

export function checkOf(schema: TSchema): Check {
  const compiled = TypeCompiler.Compile(schema)
  return (value) => {
    if (compiled.Check(value)) return undefined
    // A misspelt name is told as such, and not as the absence of the right one.
    const errors = [...compiled.Errors(value)]
    const worst =
      errors.find(({ type }) => type === ValueErrorType.ObjectAdditionalProperties) ?? errors[0]
    return worst === undefined ? { code: 'invalid_field' } : refusalOf(worst)
  }
}

function refusalOf(error: ValueError): Refusal {
  const field = fieldOf(error.path)
  if (error.type === ValueErrorType.ObjectAdditionalProperties) {
    return { code: 'unknown_field', field, message: `there is no field ${field}` }
  }
  if (error.type === ValueErrorType.ObjectRequiredProperty) {
    return { code: 'missing_field', field, message: `${field} is required` }
  }
  if (field === '') return { code: 'invalid_json' }
  const rule: unknown = error.schema['description']
  const said = typeof rule === 'string' ? rule : error.message.toLowerCase()
  return { code: 'invalid_field', field, message: `${field}: ${said}` }
}

/** `/customer/email` is `customer.email`; what it holds is never quoted back. */
const fieldOf = (path: string): string =>
  path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 100)
