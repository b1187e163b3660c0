export { importFiles, type Imported, type ImportOptions } from './import-files.ts'
