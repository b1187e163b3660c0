import type { Texts } from './words.ts'

export const arabic: Texts = {
  title: 'الأداء بالبطاقات البنكية',
  comma: '،',
  centre: 'المركز النقدي بين البنوك',
  inMonth: (month) => `خلال ${month}`,
  inYear: (month) => `من يناير إلى متم ${month}`,
  operations: 'عملية',
  amount: 'المبلغ',
  onAYear: 'خلال سنة',
  headlines: {
    all: 'مجموع الأداءات',
    internet: 'الأداء عبر الإنترنت',
    sites: 'المواقع التجارية النشيطة',
  },
  months: ({ value, growth }) =>
    growth === '' ? `${value} منذ بداية السنة` : `${value} منذ بداية السنة، ${growth} خلال سنة`,
  sectors: ({ first, second, falling }) =>
    falling === null
      ? `عبر الإنترنت: ${first} قبل ${second}`
      : `عبر الإنترنت: ${first} قبل ${second}، وتراجع ${falling}`,
  channels: ({ share }) => `حصة الإنترنت ${share} من العمليات`,
  origins: ({ share }) => `حصة البطاقات المغربية ${share} من العمليات`,
  sites: ({ value, previous }) => `${value} موقعا تجاريا نشيطا مقابل ${previous} قبل سنة`,
  hours: ({ weekday, hour }) => `ذروة الأداء يوم ${weekday} حوالي الساعة ${hour}`,
  notes: {
    months: 'حسب الشهر؛ وباللون الفاتح نفس الفترة من السنة السابقة.',
    sectors: 'الأداء عبر الإنترنت حسب القطاع؛ والعلامة تشير إلى السنة السابقة.',
    shares: 'الحصص من عدد العمليات ومن المبالغ.',
    sites: 'المواقع التي سجلت عملية واحدة على الأقل خلال الشهر؛ وباللون الفاتح قبل سنة.',
    hours: 'عمليات الشهر حسب اليوم والساعة، بتوقيت الدار البيضاء.',
  },
  columns: {
    month: 'الشهر',
    sector: 'القطاع',
    part: 'الجزء',
    hour: 'اليوم',
    year: 'هذه السنة',
    yearBefore: 'السنة السابقة',
    growth: 'التطور',
    share: 'الحصة',
    sites: 'المواقع النشيطة',
  },
  inCount: 'من حيث العدد',
  inAmount: 'من حيث المبلغ',
  table: 'الجدول',
  download: 'تحميل (CSV)',
  show: 'عرض',
  all: 'الكل',
  filters: {
    month: 'الشهر',
    measure: 'القياس',
    channel: 'القناة',
    cardOrigin: 'البطاقات',
    gateway: 'المنصة',
  },
  measures: { count: 'عدد العمليات', amount: 'المبلغ' },
  provisional: (asOf) => `أرقام مؤقتة، قرئت في ${asOf}: يوم واحد على الأقل لم يقفل بعد.`,
  final: 'أرقام نهائية.',
  besides: (currencies) =>
    `أرقام الأداءات بالدرهم وحدها، دون الأداءات بعملات أخرى (${currencies}).`,
  withheld: 'غير منشور',
  nothingYet: {
    title: 'لم ينشر أي شهر بعد',
    text: 'تظهر أرقام الشهر هنا بعد أن يصادق عليها شخصان من المركز.',
  },
  notReleased: {
    title: 'هذا الشهر غير منشور',
    text: 'اختر شهرا منشورا من القائمة.',
  },
  wrong: {
    title: 'هذا ليس عنوان صفحة أرقام',
    text: (parameter) => `قيمة «${parameter}» غير معروفة.`,
  },
  note: 'مذكرة الشهر',
}
