import type { RouteExample } from '../route.ts'
import type { PaymentBody, RefundBody } from '../shapes.ts'

const created: PaymentBody = {
  id: 'pay_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  object: 'payment',
  status: 'requires_action',
  amountMinor: '24990',
  capturedMinor: '0',
  refundedMinor: '0',
  currency: 'MAD',
  order: 'A-1',
  capture: 'automatic',
  site: '600000001',
  description: null,
  customer: null,
  customerId: null,
  metadata: null,
  initiator: 'customer',
  pageUrl: 'http://127.0.0.1:8080/pay/AAAq1mZyN3pTb0dXc2hKZkxvUXk0',
  card: null,
  decline: null,
  createdAt: '2013-09-15T14:30:25.000Z',
  expiresAt: '2013-09-15T15:00:25.000Z',
  businessDate: '2013-09-15',
}

export const paidExample: PaymentBody = {
  ...created,
  status: 'captured',
  capturedMinor: '24990',
  pageUrl: null,
  card: {
    brand: 'visa',
    masked: '400000***0010',
    origin: 'moroccan',
    expMonth: 12,
    expYear: 2039,
  },
}

export const refundExample: RefundBody = {
  id: 'ref_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj_1',
  object: 'refund',
  payment: created.id,
  status: 'succeeded',
  amountMinor: '4990',
  currency: 'MAD',
  createdAt: '2013-09-15T16:02:11.000Z',
  businessDate: '2013-09-15',
}

export const paymentExamples = {
  create: {
    body: {
      amountMinor: '24990',
      currency: 'MAD',
      order: 'A-1',
      capture: 'automatic',
      returnUrl: 'https://shop.example/back',
    },
    answer: created,
  },
  confirm: { body: { source: 'tok_q3Zr0c6Vh1mD5k9R2t8X4b7N' }, answer: paidExample },
  retrieve: { answer: paidExample },
  list: {
    query: { limit: '20', status: 'captured' },
    answer: { object: 'list', data: [paidExample], next: null },
  },
  capture: {
    body: { amountMinor: '24990' },
    answer: { ...paidExample, capture: 'manual' },
  },
  void: {
    answer: { ...paidExample, capture: 'manual', status: 'voided', capturedMinor: '0' },
  },
} as const satisfies Readonly<Record<string, RouteExample>>
