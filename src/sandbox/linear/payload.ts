export interface Input<T> {
  readonly input: T;
}
export interface ById {
  readonly id: string;
}
export type Amendment<T> = Input<T> & ById;

/** The answers of mutations; `field` names the entity. */
export const done = (field: string, entity: object): object => ({
  success: true,
  lastSyncId: 0,
  [field]: entity,
});
export const removed = (id: string): object => ({ success: true, lastSyncId: 0, entityId: id });
