/** How much of the output of a command is kept unless said otherwise: the first and the last 8 MiB. */
export const defaultLogLimit = 16 * 1024 * 1024;
