/** The door to the network: nothing else of Hayasa opens a connection. Only downloads that a user asks for go through it. */

export interface Network {
  /** As the Fetch standard has it. Rejects with a `TypeError` where there is no connection. */
  readonly fetch: typeof fetch;
}

export const realNetwork = (): Network => ({ fetch: (input, init) => fetch(input, init) });

/** No connection at all, as in tests that did not ask for one. */
export const noNetwork = (): Network => ({
  fetch: () => Promise.reject(new TypeError('fetch failed: there is no network here')),
});
