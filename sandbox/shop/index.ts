export { runShop, type ShopOptions } from './shop.ts'
