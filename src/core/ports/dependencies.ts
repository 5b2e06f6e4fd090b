/** What facts may ask the service's dependencies. Written beside src/clients, which implement it. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface DependencyPorts {}
