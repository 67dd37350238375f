// CRC-32 of IEEE 802.3: notices what was damaged on its way. It is no proof of who wrote something.

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** As eight hexadecimal digits. */
export function crc32(bytes: Uint8Array): string {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return (~crc >>> 0).toString(16).padStart(8, "0");
}
