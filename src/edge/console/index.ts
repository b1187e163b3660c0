export { registerFiguresPage, type FiguresPageOptions } from './figures/routes.ts'
