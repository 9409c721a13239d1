import ArgumentParser
import Testing

@testable import CLI

@Suite("JSON output")
struct JSONOutputTests {
  private struct Result: Encodable {
    var output = "a/b"
    var accuracy = 0.5
    var images: Int? = 3
  }

  @Test func `keys are sorted and slashes left alone`() throws {
    let text = try JSONOutput.text(of: Result())
    #expect(
      text == """
        {
          "accuracy" : 0.5,
          "images" : 3,
          "output" : "a/b"
        }
        """)
  }

  @Test func `a number that is none is refused`() {
    #expect(throws: Failure("the result is no JSON: a number in it is not finite")) {
      try JSONOutput.text(of: Result(accuracy: .nan))
    }
  }

  @Test func `the option is called json`() throws {
    #expect(try GlobalOptions.parse(["--json"]).isJSON)
    #expect(try !GlobalOptions.parse([]).isJSON)
  }
}
