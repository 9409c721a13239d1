import Testing

@testable import CLI

@Suite("Table")
struct TableTests {
  @Test func `columns are aligned, line ends bare`() {
    var table = Table([.left("layer"), .right("bytes"), .left("encoding")])
    table.add(["conv", "1,234", "raw"])
    table.add(["dense for all", "7", ""])
    #expect(
      table.text == """
        layer          bytes  encoding
        -------------  -----  --------
        conv           1,234  raw
        dense for all      7

        """)
  }

  @Test func `an empty table is its heading`() {
    #expect(Table([.left("a")]).text == "a\n-\n")
  }
}
