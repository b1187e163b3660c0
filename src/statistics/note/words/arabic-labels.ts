import { monthName, monthText, valueText } from '../../press/index.ts'
import type { Labels } from './words.ts'

export const arabicLabels: Labels = {
  keyPoints: 'أهم الأرقام',
  tables: 'الجداول',
  previousYear: 'قبل سنة',
  columns: {
    operations: 'العمليات',
    amountMillions: 'المبلغ (مليون درهم)',
    amount: 'المبلغ (درهم)',
    growth: 'التطور',
    share: 'الحصة',
    ticket: 'المتوسط (درهم)',
    sites: 'المواقع النشطة',
    points: 'الفرق (نقط)',
    value: 'القيمة',
  },
  period: (name, { month }) =>
    name === 'month' || month.endsWith('-01')
      ? monthText(month, 'ar')
      : `يناير - ${monthName(month, 'ar')} ${month.slice(0, 4)}`,
  lines: {
    all: 'كل الأداءات',
    internet: 'الإنترنت',
    terminals: 'أجهزة الأداء',
    moroccan: 'البطاقات المغربية',
    foreign: 'البطاقات الأجنبية',
    onlineMoroccan: 'الإنترنت، البطاقات المغربية',
    onlineForeign: 'الإنترنت، البطاقات الأجنبية',
    activeSites: 'المواقع النشطة',
    activeCards: 'البطاقات النشطة',
    approval: 'نسبة الموافقة',
    approvalInternet: 'نسبة الموافقة، الإنترنت',
    approvalTerminals: 'نسبة الموافقة، أجهزة الأداء',
    refunds: 'الإرجاعات',
    refundAmount: 'المبالغ المرجعة (درهم)',
    lateReversals: 'الإلغاءات المتأخرة',
    lateReversalAmount: 'المبالغ الملغاة (درهم)',
  },
  tableTitles: {
    payments: 'الأداءات لدى التجار والمواقع التجارية',
    online: 'الأداءات عبر الإنترنت حسب البوابة ومصدر البطاقات',
    sectors: 'الأداءات عبر الإنترنت حسب القطاع',
    sites: 'المواقع التجارية النشطة',
    quality: 'الموافقات والإرجاعات والإلغاءات',
    outlook: 'توقع الأداءات عبر الإنترنت',
  },
  charts: {
    months: 'العمليات عبر الإنترنت شهرا بعد شهر',
    sectors: 'المبالغ عبر الإنترنت حسب القطاع',
    origins: 'البطاقات المغربية والأجنبية',
    outlook: 'العمليات عبر الإنترنت: المسجلة ثم المرتقبة',
    byCount: 'من حيث العدد',
    byAmount: 'من حيث المبلغ',
    lastYearsMark: 'مستوى السنة الماضية',
    known: 'مسجل',
    foretold: 'مرتقب',
    interval: 'أربع فرص من خمس',
  },
  outlookColumns: ['الشهر', 'العمليات', 'نطاق 80%', 'نطاق 95%', 'المبلغ (مليون درهم)'],
  sector: (value) => valueText('sector', value, 'ar'),
  to: ' إلى ',
}
