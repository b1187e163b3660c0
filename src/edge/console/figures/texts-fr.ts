import type { Texts } from './words.ts'

export const french: Texts = {
  title: 'Les paiements par carte',
  comma: ',',
  centre: 'Centre monétique interbancaire',
  inMonth: (month) => `En ${month}`,
  inYear: (month) => `Depuis janvier, à fin ${month}`,
  operations: 'opérations',
  amount: 'montant',
  onAYear: 'sur un an',
  headlines: {
    all: 'Tous les paiements',
    internet: 'Paiements sur Internet',
    sites: 'Sites marchands actifs',
  },
  months: ({ value, growth }) =>
    growth === ''
      ? `${value} depuis le début de l’année`
      : `${value} depuis le début de l’année, ${growth} sur un an`,
  sectors: ({ first, second, falling }) =>
    falling === null
      ? `En ligne, ${first} devant ${second}`
      : `En ligne, ${first} devant ${second} ; recul : ${falling}`,
  channels: ({ share }) => `Internet pèse ${share} des opérations`,
  origins: ({ share }) => `Les cartes marocaines font ${share} des opérations`,
  sites: ({ value, previous }) =>
    `${value} sites marchands actifs, contre ${previous} un an plus tôt`,
  hours: ({ weekday, hour }) => `On paie surtout le ${weekday}, vers ${hour} h`,
  notes: {
    months: 'Par mois ; en pâle, la même période de l’année précédente.',
    sectors: 'Paiements sur Internet par secteur ; le trait marque l’année précédente.',
    shares: 'Parts des opérations et des montants.',
    sites: 'Sites ayant eu au moins une opération dans le mois ; en pâle, un an plus tôt.',
    hours: 'Opérations du mois par jour et par heure, à l’heure de Casablanca.',
  },
  columns: {
    month: 'Mois',
    sector: 'Secteur',
    part: 'Part de',
    hour: 'Jour',
    year: 'Cette année',
    yearBefore: 'Année précédente',
    growth: 'Évolution',
    share: 'Part',
    sites: 'Sites actifs',
  },
  inCount: 'En nombre',
  inAmount: 'En montant',
  table: 'Le tableau',
  download: 'Télécharger (CSV)',
  show: 'Afficher',
  all: 'Tous',
  filters: {
    month: 'Mois',
    measure: 'Mesure',
    channel: 'Canal',
    cardOrigin: 'Cartes',
    gateway: 'Passerelle',
  },
  measures: { count: 'nombre d’opérations', amount: 'montant' },
  provisional: (asOf) => `Chiffres provisoires, lus à ${asOf} : un jour au moins n’est pas clos.`,
  final: 'Chiffres définitifs.',
  besides: (currencies) =>
    `Chiffres des paiements en dirhams : ceux en d’autres monnaies (${currencies}) n’y sont pas.`,
  withheld: 'non publié',
  nothingYet: {
    title: 'Aucun mois n’est encore publié',
    text: 'Les chiffres d’un mois paraissent ici dès que deux personnes du centre les ont validés.',
  },
  notReleased: {
    title: 'Ce mois n’est pas publié',
    text: 'Choisissez un mois publié dans la liste.',
  },
  wrong: {
    title: 'Cette adresse n’est pas celle d’une page de chiffres',
    text: (parameter) => `Le paramètre « ${parameter} » n’a pas une valeur connue.`,
  },
  note: 'La note du mois',
}
