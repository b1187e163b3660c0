import { capital, monthName, monthText } from '../../press/index.ts'
import type { NoteFacts, PeriodName } from '../facts.ts'
import type { Labels } from './words.ts'

export const periodText = (name: PeriodName, { month }: NoteFacts): string =>
  name === 'month' || month.endsWith('-01')
    ? monthText(month, 'fr')
    : `janvier-${monthName(month, 'fr')} ${month.slice(0, 4)}`

export const frenchLabels = (sector: (value: string) => string): Labels => ({
  source: 'Source des chiffres',
  keyPoints: 'Points clés',
  tables: 'Tableaux',
  previousYear: 'un an avant',
  columns: {
    number: 'Nombre',
    value: 'Montant',
    operations: 'Opérations',
    amountMillions: 'Montant (MDH)',
    amount: 'Montant (DH)',
    growth: 'Évol.',
    share: 'Part',
    ticket: 'Ticket (DH)',
    sites: 'Sites actifs',
    points: 'Écart (points)',
    rate: 'Valeur',
  },
  period: (name, facts) => capital(periodText(name, facts)),
  lines: {
    all: 'Tous paiements',
    internet: 'Internet',
    terminals: 'Terminaux (TPE)',
    moroccan: 'Cartes marocaines',
    foreign: 'Cartes étrangères',
    onlineMoroccan: 'Internet, cartes marocaines',
    onlineForeign: 'Internet, cartes étrangères',
    activeSites: 'Sites actifs',
    activeCards: 'Cartes actives',
    approval: 'Taux d’approbation',
    approvalInternet: 'Taux d’approbation, Internet',
    approvalTerminals: 'Taux d’approbation, terminaux',
    refunds: 'Remboursements',
    refundAmount: 'Montant remboursé (DH)',
    lateReversals: 'Annulations tardives',
    lateReversalAmount: 'Montant annulé (DH)',
  },
  tableTitles: {
    payments: 'Paiements chez les commerçants et les e-marchands',
    online: 'Paiements sur Internet, par passerelle et par origine des cartes',
    sectors: 'Paiements sur Internet, par secteur',
    sites: 'Sites marchands actifs',
    quality: 'Approbations, remboursements et annulations',
    outlook: 'Prévision des paiements sur Internet',
  },
  charts: {
    months: 'Opérations sur Internet, mois par mois',
    sectors: 'Montants par secteur sur Internet',
    origins: 'Cartes marocaines et étrangères',
    outlook: 'Opérations sur Internet : connues, puis attendues',
    byCount: 'En nombre',
    byAmount: 'En montant',
    lastYearsMark: 'niveau de l’an dernier',
    known: 'observé',
    foretold: 'attendu',
    interval: 'quatre chances sur cinq',
  },
  outlookColumns: ['Mois', 'Opérations', 'Intervalle à 80%', 'Intervalle à 95%', 'Montant'],
  sector: (value) => capital(sector(value)),
  colon: '\u00a0: ',
  to: ' à ',
})
