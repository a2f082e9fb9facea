/** The bytes of one record, before they are written. */
export interface Writable {
  /** They are one or more, and no more than this. */
  readonly mostBytes: number;
  /** Writes them into a buffer, from an offset on, and tells how many they are. */
  write(buffer: Buffer, offset: number): number;
}

/** Where the room for the starts of records begins, in records. */
const FIRST_STARTS = 16;

/**
 * The newest records of bytes, numbered from 1. They lie one behind the other in chunks; a chunk whose records are all
 * forgotten is written again. Memory grows chunk by chunk with what is kept, and never beyond what the caller allows.
 */
export class Ring {
  readonly #mostRecords: number;
  readonly #chunkBytes: number;
  readonly #chunks: Buffer[] = [];
  /** Which one the first of the chunks is, of all that were ever begun. */
  #firstChunk = 0;
  /** Where each record starts, in bytes since the ring was new: that of record n is at n modulo the length. */
  #starts = new Float64Array(0);
  #end = 0;
  /** The chunk that the end lies in, and how many bytes are left in it. */
  #current: Buffer | undefined;
  #room = 0;
  #first = 1;
  #next = 1;

  /** @param mostRecords how many are kept at most, 1 or more */
  constructor(mostRecords: number, chunkBytes: number) {
    this.#mostRecords = mostRecords;
    this.#chunkBytes = chunkBytes;
  }

  /** The number of the oldest record that is kept, or `next` where none is. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next record gets. */
  get next(): number {
    return this.#next;
  }

  /** How much memory it takes. */
  get bytes(): number {
    return this.#chunks.length * this.#chunkBytes + this.#starts.byteLength;
  }

  /** How many bytes more it takes, at most, when a record of that length comes next. */
  growth(length: number): number {
    if (length <= this.#room && this.#missingStarts() === 0) return 0;
    return Math.max(0, this.#missingChunks(length)) * this.#chunkBytes + this.#missingStarts() * Float64Array.BYTES_PER_ELEMENT;
  }

  /**
   * Adds a record. The oldest ones make room for it; one for which there can be no room gets its number, but is not kept.
   *
   * @param most how many bytes the ring may take
   */
  append(record: Writable, most: number): void {
    if (this.#next - this.#first === this.#mostRecords) this.#first += 1;
    const { mostBytes } = record;
    if ((mostBytes > this.#room || this.#missingStarts() > 0) && !this.#makeRoom(mostBytes, most)) {
      this.#next += 1;
      this.#first = this.#next;
      return;
    }
    this.#starts[this.#next % this.#starts.length] = this.#end;
    this.#next += 1;
    if (mostBytes <= this.#room) {
      const length = record.write(this.#current!, this.#chunkBytes - this.#room);
      this.#end += length;
      this.#room -= length;
    } else this.#writeAcross(record);
  }

  /** The bytes of a record, to be read at once: later ones are written over them. Undefined when it is not kept. */
  read(number: number): Buffer | undefined {
    if (!(number >= this.#first && number < this.#next)) return undefined;
    const start = this.#startOf(number);
    const length = (number + 1 === this.#next ? this.#end : this.#startOf(number + 1)) - start;
    const offset = start % this.#chunkBytes;
    if (offset + length <= this.#chunkBytes) return this.#chunkAt(start)!.subarray(offset, offset + length);
    const whole = Buffer.allocUnsafe(length);
    this.#eachPiece(start, length, (chunk, from, size, done) => chunk.copy(whole, done, from, from + size));
    return whole;
  }

  /** Forgets all records before that one. Their memory is used again. */
  forget(before: number): void {
    this.#first = Math.min(this.#next, Math.max(this.#first, before));
  }

  /** Gives memory back, and forgets as many of the oldest records as that takes. */
  keepWithin(most: number): void {
    while (this.bytes > most) {
      if (this.#first === this.#next) return this.#giveAllBack();
      if (this.#isFirstChunkFree()) {
        this.#chunks.shift();
        this.#firstChunk += 1;
      } else this.#first += 1;
    }
  }

  /** Forgets everything, and begins with number 1 again. */
  clear(): void {
    this.#end = 0;
    this.#first = this.#next = 1;
    this.#giveAllBack();
  }

  #giveAllBack(): void {
    this.#chunks.length = 0;
    this.#firstChunk = Math.floor(this.#end / this.#chunkBytes);
    this.#starts = new Float64Array(0);
    this.#findRoom();
  }

  #startOf(number: number): number {
    return this.#starts[number % this.#starts.length]!;
  }

  #chunkAt(position: number): Buffer | undefined {
    return this.#chunks[Math.floor(position / this.#chunkBytes) - this.#firstChunk];
  }

  #findRoom(): void {
    this.#current = this.#chunkAt(this.#end);
    this.#room = this.#current === undefined ? 0 : this.#chunkBytes - (this.#end % this.#chunkBytes);
  }

  #missingChunks(length: number): number {
    return Math.ceil((this.#end + length) / this.#chunkBytes) - this.#firstChunk - this.#chunks.length;
  }

  #missingStarts(): number {
    const { length } = this.#starts;
    return this.#next - this.#first < length ? 0 : Math.min(this.#mostRecords, Math.max(FIRST_STARTS, 2 * length)) - length;
  }

  #isFirstChunkFree(): boolean {
    const firstByte = this.#first === this.#next ? this.#end : this.#startOf(this.#first);
    return this.#chunks.length > 0 && firstByte >= (this.#firstChunk + 1) * this.#chunkBytes;
  }

  #makeRoom(length: number, most: number): boolean {
    while (this.#missingStarts() > 0) {
      if (this.bytes + this.#missingStarts() * Float64Array.BYTES_PER_ELEMENT <= most) this.#growStarts();
      else if (this.#first < this.#next) this.#first += 1;
      else return false;
    }
    while (this.#missingChunks(length) > 0) {
      if (this.#isFirstChunkFree()) {
        this.#chunks.push(this.#chunks.shift()!);
        this.#firstChunk += 1;
      } else if (this.bytes + this.#chunkBytes <= most) this.#chunks.push(Buffer.allocUnsafeSlow(this.#chunkBytes));
      else if (this.#first < this.#next) this.#first += 1;
      else return false;
    }
    this.#findRoom();
    return true;
  }

  #growStarts(): void {
    const starts = new Float64Array(this.#starts.length + this.#missingStarts());
    for (let number = this.#first; number < this.#next; number++) starts[number % starts.length] = this.#startOf(number);
    this.#starts = starts;
  }

  /** Writes a record that does not fit into what is left of a chunk. */
  #writeAcross(record: Writable): void {
    const whole = Buffer.allocUnsafe(record.mostBytes);
    const length = record.write(whole, 0);
    this.#eachPiece(this.#end, length, (chunk, from, size, done) => whole.copy(chunk, from, done, done + size));
    this.#end += length;
    this.#findRoom();
  }

  /** Visits the parts of chunks that a record lies in: from where, how many bytes, and how many came before. */
  #eachPiece(start: number, length: number, visit: (chunk: Buffer, from: number, size: number, done: number) => void): void {
    for (let done = 0; done < length;) {
      const from = (start + done) % this.#chunkBytes;
      const size = Math.min(this.#chunkBytes - from, length - done);
      visit(this.#chunkAt(start + done)!, from, size, done);
      done += size;
    }
  }
}
