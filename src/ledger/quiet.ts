/**
 * An incident in which nothing was looked at for this long is over: the next question about its
 * service opens a new one, instead of answering in a thread that nobody follows any more.
 */
export const quietAfterMs = 12 * 60 * 60 * 1_000;
