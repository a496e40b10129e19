/** Numbers from a seed: the same seed gives the same history, on every machine. */
export class Random {
  constructor(seed) {
    // A few rounds apart, so that neighbouring seeds do not begin alike.
    this.state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) >>> 0
    for (let i = 0; i < 3; i++) this.bits()
  }

  /** 32 random bits (Marsaglia's xorshift over a Weyl sequence). */
  bits() {
    this.state = (this.state + 0x9e3779b9) >>> 0
    let x = this.state
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d)
    x = Math.imul(x ^ (x >>> 12), 0x297a2d39)
    return (x ^ (x >>> 15)) >>> 0
  }

  /** An integer from 0, inclusive, to n, exclusive. */
  below(n) {
    return Math.floor((this.bits() / 2 ** 32) * n)
  }

  chance(probability) {
    return this.bits() < probability * 2 ** 32
  }

  pick(list) {
    return list[this.below(list.length)]
  }

  shuffled(list) {
    const result = [...list]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      ;[result[i], result[j]] = [result[j], result[i]]
    }
    return result
  }
}
