package dev.bcq.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bcq.console.TextTable.Column;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void columnsAreAlignedAndTotalsStandBelowALine() {
    TextTable table = new TextTable(Column.text("name"), Column.number("bytes"));
    table.add("a", "1,000");
    table.add("longer", "2");
    table.addTotal("2 rows", "1,002");
    assertEquals(
        """
        name    bytes
        -------------
        a       1,000
        longer      2
        -------------
        2 rows  1,002
        """,
        table.render());
  }
}
