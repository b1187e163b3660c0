/** Versions of the API by their date, newest first. A key that names none gets the newest. */
export const knownVersions = ['2013-09-30'] as const

export const currentVersion: (typeof knownVersions)[number] = knownVersions[0]
