// The sandbox's event log, followed live: what is there already, then server-sent events, or
// polling where a proxy swallows the stream. Comes back by itself when the sandbox does.

import { Unreachable, type SandboxEvent, type Simulator } from "./simulator.js";

export type Link = "connecting" | "streaming" | "polling" | "offline";

export interface LogReader {
  /** Events in order, none twice. */
  arrived(events: SandboxEvent[]): void;
  /** The log began anew: what was read before is no longer part of it. */
  restarted(): void;
  linkChanged(link: Link): void;
  failed(error: unknown): void;
}

const PAGE = 500;
const POLL_MS = 1000;
const RETRY_MS = 1500;

export class EventLog {
  private last: SandboxEvent | null = null;
  private connection = new AbortController();

  constructor(
    private readonly simulator: Simulator,
    private readonly reader: LogReader,
  ) {}

  /** Follows the log for as long as the page lives. */
  async follow(): Promise<never> {
    for (;;) {
      this.connection = new AbortController();
      try {
        await this.catchUp();
        await this.stayLive(this.connection.signal);
      } catch (error) {
        if (this.connection.signal.aborted) continue;
        if (error instanceof Unreachable || error instanceof TypeError) {
          this.reader.linkChanged("offline");
        } else {
          this.reader.failed(error);
        }
        await pause(RETRY_MS);
      }
    }
  }

  /** Forgets what was read and starts over, as after a reset. */
  restart(): void {
    this.last = null;
    this.reader.restarted();
    this.connection.abort();
  }

  private async stayLive(signal: AbortSignal): Promise<void> {
    const stream = await this.simulator.eventStream(this.last?.seq ?? 0, signal);
    if (stream === null) {
      this.reader.linkChanged("polling");
      await pause(POLL_MS);
      return;
    }
    this.reader.linkChanged("streaming");
    for await (const data of serverSentData(stream)) {
      if (signal.aborted) return;
      const events = data.map((text) => JSON.parse(text) as SandboxEvent);
      const first = events[0];
      if (this.last !== null && first !== undefined && first.seq <= this.last.seq) return;
      this.take(events);
    }
  }

  /** Reads on from the last event known, making sure that it is still the same log. */
  private async catchUp(): Promise<void> {
    const known = this.last;
    if (known !== null) {
      const { events } = await this.simulator.events(known.seq - 1, 2);
      const same = events.find((event) => event.seq === known.seq);
      if (same === undefined || same.type !== known.type || same.at !== known.at) {
        this.last = null;
        this.reader.restarted();
      }
    }
    while (this.take((await this.simulator.events(this.last?.seq ?? 0, PAGE)).events) > 0);
  }

  private take(events: SandboxEvent[]): number {
    const seen = this.last?.seq ?? -1;
    const fresh = events.filter((event) => event.seq > seen);
    const last = fresh.at(-1);
    if (last === undefined) return 0;
    this.last = last;
    this.reader.arrived(fresh);
    return fresh.length;
  }
}

/** The `data` of each server-sent event, in the batches the network brought them. */
async function* serverSentData(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string[]> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    const batch = blocks.map(dataOf).filter((data) => data !== "");
    if (batch.length > 0) yield batch;
  }
}

function dataOf(block: string): string {
  return block
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
