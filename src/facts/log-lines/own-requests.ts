/**
 * Our own requests, by their User-Agent or X-Request-ID, are not what customers see.
 * "hokusai-" alone is no sign: services are called that too.
 */
const own =
  /\bhokusai-(?:[0-9a-f]{8}\b|probe|check|verify|run)|user[-_ ]?agent["']?\W{1,4}hokusai\b|request[-_ ]?id["']?\W{1,4}hokusai-|"hokusai\/\d/iu;

export const isOwnRequest = (text: string): boolean => own.test(text);
