// Rows as a Parquet file, for those who go on with them in pandas, DuckDB or a spreadsheet.

type Value = string | number | bigint | boolean | null;

export interface Column<R> {
  name: string;
  /** INT64 for ns, as bigint */
  type: "STRING" | "INT32" | "INT64" | "DOUBLE" | "BOOLEAN";
  of(row: R): Value;
  /** no row lacks it */
  required?: true;
}

/** Equal rows give equal bytes. `about`: what is asked, kept with the file as key and value. */
export async function parquet<R>(rows: readonly R[], columns: readonly Column<R>[], about: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer"); // loaded by those alone who want it
  const columnData = columns.map(({ name, type, of, required }) => ({ name, type, nullable: required !== true, data: rows.map(of) }));
  const kvMetadata = Object.entries(about).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: "dualhome" }));
}
