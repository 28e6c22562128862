/** A table of a report as text, column by column, before any format lays it out. */

/** The table's columns as text. */
export interface TextTable {
  readonly columns: readonly TextColumn[];
  readonly rowCount: number;
}

export interface TextColumn {
  /** With its unit, if it has one. */
  readonly title: string;
  readonly numeric: boolean;
  /** Whether it says which cell the row is. */
  readonly label: boolean;
  readonly texts: readonly string[];
}
