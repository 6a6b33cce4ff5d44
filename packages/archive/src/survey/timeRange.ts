/** First and last of many times in nanoseconds; 64-bit times are compared by halves, without a bigint for each. */
export class TimeRange {
  isEmpty = true;
  #firstHigh = 0;
  #firstLow = 0;
  #lastHigh = 0;
  #lastLow = 0;

  add(high: number, low: number): void {
    const signed = high | 0;
    if (this.isEmpty || signed < this.#firstHigh || (signed === this.#firstHigh && low < this.#firstLow)) {
      this.#firstHigh = signed;
      this.#firstLow = low;
    }
    if (this.isEmpty || signed > this.#lastHigh || (signed === this.#lastHigh && low > this.#lastLow)) {
      this.#lastHigh = signed;
      this.#lastLow = low;
    }
    this.isEmpty = false;
  }

  include(other: TimeRange): void {
    if (other.isEmpty) return;
    this.add(other.#firstHigh, other.#firstLow);
    this.add(other.#lastHigh, other.#lastLow);
  }

  /** First and last as properties, absent if there are none. */
  toObject(): { firstMessageNs?: bigint; lastMessageNs?: bigint } {
    if (this.isEmpty) return {};
    return {
      firstMessageNs: (BigInt(this.#firstHigh) << 32n) | BigInt(this.#firstLow),
      lastMessageNs: (BigInt(this.#lastHigh) << 32n) | BigInt(this.#lastLow),
    };
  }
}
