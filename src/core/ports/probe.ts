/** What facts may send over the network. Written beside src/clients/probe, which implements it. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface ProbePort {}
