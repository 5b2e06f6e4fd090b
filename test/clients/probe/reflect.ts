// @peculiar/x509 wants this polyfill in place before it loads; three functions of it are enough.
const store = new WeakMap<object, Map<unknown, unknown>>();
const get = (key: unknown, target: object): unknown => store.get(target)?.get(key);
Object.assign(Reflect, {
  getMetadata: get,
  getOwnMetadata: get,
  defineMetadata: (key: unknown, value: unknown, target: object): void => {
    store.set(target, (store.get(target) ?? new Map<unknown, unknown>()).set(key, value));
  },
});
