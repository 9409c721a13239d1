import Testing

@testable import CLI

@Suite struct SeedListTests {
  @Test(
    "reads seeds",
    arguments: [
      ("1", [1]), ("3,1,2", [3, 1, 2]), ("18446744073709551615,0", [.max, 0]), ("", nil),
      ("1,", nil), ("1,1", [1, 1]), ("-1", nil), ("1 ,2", nil), ("a", nil),
    ] as [(String, [UInt64]?)])
  func reads(argument: String, seeds: [UInt64]?) {
    #expect(SeedList(argument: argument)?.seeds == seeds)
  }

  @Test("tells a seed that is there twice", arguments: [("1,2", nil), ("3,1,2,01", 1)])
  func repeated(argument: String, seed: UInt64?) throws {
    #expect(try #require(SeedList(argument: argument)).repeated == seed)
  }

  @Test("one seed keeps the name of the output, several stand in it before its extension")
  func outputs() {
    #expect(SeedList(7).output(of: 7, "a/b.c.safetensors") == "a/b.c.safetensors")
    let list = SeedList(argument: "7,8")
    #expect(list?.output(of: 8, "a/b.c.safetensors") == "a/b.c-8.safetensors")
    #expect(list?.output(of: 8, "a.d/b") == "a.d/b-8")
  }

  @Test("the spread of numbers is about their mean, over one less than their count")
  func spread() {
    #expect(Spread([]) == nil)
    #expect(Spread([3])?.mean == 3 && Spread([3])?.deviation == 0)
    // The distances 3, 1, 1 and 3 have squares that make 20; a third of that.
    #expect(Spread([1, 3, 5, 7])?.mean == 4)
    #expect(Spread([1, 3, 5, 7])?.deviation == (20.0 / 3).squareRoot())
  }
}
