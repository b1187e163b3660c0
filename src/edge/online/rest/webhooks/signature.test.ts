import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signatures } from './signature.ts'

// [STANDARD-WEBHOOKS] The example of the specification's own libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const message = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  body: '{"test": 2432232314}',
}

test('a message is signed as the specification’s example says', () => {
  const signed = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
  assert.equal(signatures([secret], message), signed)
  const both = signatures([secret, 'whsec_AAAA'], message)
  assert.equal(both.split(' ')[0], signed)
  assert.equal(both.split(' ').length, 2)
})
