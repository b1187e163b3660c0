export type Product = {
  readonly id: string
  readonly name: string
  readonly note: string
  readonly amount: string
}

/** The last ones cost what the sandbox's banks answer in known ways. */
export const products: readonly Product[] = [
  { id: 'thé', name: 'Thé à la menthe, 500 g', note: 'approuvé', amount: '49.90' },
  { id: 'babouches', name: 'Babouches de Fès', note: 'approuvé', amount: '249.90' },
  { id: 'tapis', name: 'Tapis du Moyen Atlas', note: 'approuvé', amount: '1499.00' },
  {
    id: 'p51',
    name: 'Lampe en cuivre',
    note: 'refusé : provision insuffisante',
    amount: '1000.51',
  },
  { id: 'p05', name: 'Plateau ciselé', note: 'refusé par la banque', amount: '1000.05' },
  { id: 'p98', name: 'Théière', note: 'la banque répond deux fois', amount: '1000.98' },
  { id: 'p99', name: 'Fontaine en zellige', note: 'la banque ne répond jamais', amount: '1000.99' },
]

/** Sold out when it is to be booked: a shop that asks first says no, and the payment is undone. */
export const outOfStock: Product = {
  id: 'rupture',
  name: 'Lustre ancien',
  note: 'approuvé, puis non enregistré par la boutique : annulé',
  amount: '349.00',
}
