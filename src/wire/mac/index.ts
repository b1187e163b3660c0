export { AesCmacKey, verifyMac } from './aes-cmac.ts'
export { RetailMacKey, type MacPadding } from './retail-mac.ts'
