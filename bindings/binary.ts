// Files that are no text, known by how they begin. They are looked at as UTF-8 reads them: what is no UTF-8 has become U+FFFD.

const MAGIC: readonly [RegExp, string][] = [
  [/^\ufffdPNG\r\n/, "a PNG image"],
  [/^\ufffd\ufffd\ufffd[\ufffd\x00-\x1f]?\0?.?(?:JFIF|Exif)/s, "a JPEG image"],
  [/^GIF8[79]a/, "a GIF image"],
  [/^%PDF-/, "a PDF document"],
  [/^(?:\ufffd\u00f2\ufffd|\ufffd{4}\0|M<\ufffd\ufffd|\ufffd\ufffd<M)/, "a recording of packets (pcap)"],
  [/^\n\r\r\n/, "a recording of packets (pcapng)"],
  [/^\x1f\ufffd/, "a file packed with gzip"],
  [/^\(\ufffd\/\ufffd/, "a file packed with zstd"],
  [/^PK[\x03\x05]/, "a ZIP archive, or a document that is one inside"],
  [/^\x7fELF/, "a program"],
  [/^\0asm/, "a WebAssembly module"],
  [/^PAR1/, "a Parquet table"],
  [/^SQLite format 3\0/, "an SQLite database"],
  [/^\ufffd\ufffd|^[^\0]\0[^\0]\0|^\0[^\0]\0[^\0]/, "text in UTF-16"],
];

/** What a file with a zero byte is, which no text has that is read here. */
export function binaryKind(text: string): string {
  return MAGIC.find(([pattern]) => pattern.test(text))?.[1] ?? "a file with a zero byte";
}
