import { scrypt, timingSafeEqual } from 'node:crypto'

const memoryBytesMax = 256 * 1024 * 1024

/** Whether a password is the one of a `scrypt$N$r$p$SALT$HASH`; as slow whether it is or not. */
export async function isPassword(password: string, encoded: string): Promise<boolean> {
  const [scheme, n, r, p, salt = '', hash = ''] = encoded.split('$')
  if (scheme !== 'scrypt') throw new Error('invariant broken: a password hash of another scheme')
  const expected = Buffer.from(hash, 'base64')
  const options = { N: Number(n), r: Number(r), p: Number(p), maxmem: memoryBytesMax }
  const derived = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'base64'), expected.length, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
  return timingSafeEqual(derived, expected)
}

/** `scrypt$N$r$p$SALT$HASH` of a password, with a salt of its own. */
export async function hashPassword(password: string, salt: Buffer): Promise<string> {
  const options = { N: 16_384, r: 8, p: 1, maxmem: memoryBytesMax }
  const derived = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, salt, 32, options, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
  return `scrypt$16384$8$1$${salt.toString('base64')}$${derived.toString('base64')}`
}
