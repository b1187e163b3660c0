export { lakeColumns, rowKinds, type LakeColumn, type RowKind } from './columns.ts'
export {
  deliveryFileName,
  deliveryFromJson,
  deliveryToJson,
  type DayTotals,
  type DeliveredFile,
  type Delivery,
} from './delivery.ts'
