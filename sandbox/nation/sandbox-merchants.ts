/** The sandbox's own merchants [DESIGN §8], whose past is part of the nation's. */
export const sandboxSites = [
  own('600000001', 'm-telecom', 'billers', '4814'),
  own('600000002', 'm-air', 'airlines', '4511'),
  own('401122', 'm-charter', 'airlines', '4511'),
  own('600000003', 'm-finance', 'financial-services', '6051'),
  own('600000004', 'm-deals', 'deals', '5399'),
  own('401121', 'm-coupons', 'deals', '5399'),
  own('600000005', 'm-tax', 'e-government', '9311'),
  own('600000006', 'm-books', 'other', '5942'),
  own('600000007', 'm-crafts', 'other', '5970'),
]

export const sandboxShop = { merchant: 'm-atlas', sector: 'retail', mcc: '5411' }

function own(site: string, merchant: string, sector: string, mcc: string) {
  const gateway = site.startsWith('4') ? 'maroc-telecommerce' : 'cmi'
  return { site, merchant, sector, mcc, gateway }
}
