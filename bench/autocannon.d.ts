/** The part of autocannon that the benchmarks use; the package brings no types. */
declare module 'autocannon' {
  interface Client {
    setRequests(requests: { method: string; path: string; body: string }[]): void
  }
  interface Result {
    '2xx': number
    non2xx: number
    errors: number
    timeouts: number
    /** Seconds. */
    duration: number
    /** Milliseconds. */
    latency: { p50: number; p99: number }
  }
  export default function autocannon(options: {
    url: string
    connections: number
    /** Seconds. */
    duration: number
    method: string
    headers: Record<string, string>
    setupClient: (client: Client) => void
  }): Promise<Result>
}
