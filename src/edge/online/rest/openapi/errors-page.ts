import { apiErrors } from '../errors.ts'

/** `docs/api-errors.md`. */
export function errorsPage(): string {
  const entries = Object.entries(apiErrors).map(
    ([code, { status, message, doc }]) =>
      `## ${code}\n\nStatus ${status}. ${doc}\n\n> ${message}\n`,
  )
  return `# Errors of the API

Every error has one shape, and its \`code\` never changes its meaning. \`message\` is for the developer
and may be worded otherwise one day; \`field\` names what is wrong, or is null; \`requestId\` finds the
request in the centre's log.

\`\`\`json
{
  "error": {
    "code": "amount_too_large",
    "message": "…",
    "field": "amountMinor",
    "requestId": "req_…"
  }
}
\`\`\`

This page is made from \`src/edge/online/rest/errors.ts\` by \`npm run api-errors\`.

${entries.join('\n')}`
}
