import ArgumentParser
import Testing
import Train

@testable import CLI

@Suite("Exit status")
struct ExitStatusTests {
  @Test func `a failure is one line and 1`() {
    let status = ExitStatus(Failure("two\nlines\r\nhere"))
    #expect(status.code == 1)
    #expect(status.message == "thimble: error: two lines here")
    #expect(status.output == "")
  }

  @Test func `a file's error is one line and 1`() {
    let status = ExitStatus(FileError.missing(path: "p"))
    #expect(status.code == 1)
    #expect(status.message == "thimble: error: p: no such file or folder")
  }

  @Test func `interruption is 130 and says nothing`() {
    let status = ExitStatus(Interrupted())
    #expect((status.code, status.message, status.output) == (130, "", ""))
  }

  @Test(arguments: [["--nope"], ["surplus"]])
  func `wrong usage is 64, an error first`(arguments: [String]) {
    #expect {
      try Thimble.parseAsRoot(arguments)
    } throws: { error in
      let status = ExitStatus(error)
      return status.code == 64 && status.message.hasPrefix("thimble: error: ")
    }
  }

  @Test func `a validation error is wrong usage, too`() {
    let status = ExitStatus(ValidationError("bad pair"))
    #expect(status.code == 64)
    #expect(status.message.hasPrefix("thimble: error: bad pair"))
  }

  @Test(arguments: ["--help", "--version"])
  func `help and version go to standard output`(argument: String) {
    #expect {
      var command = try Thimble.parseAsRoot([argument])
      try command.run()
    } throws: { error in
      let status = ExitStatus(error)
      return status.code == 0 && !status.output.isEmpty && status.message.isEmpty
    }
  }

  @Test func `the built tool says its version`() throws {
    let outcome = try BuiltTool.run(["--version"])
    #expect((outcome.status, outcome.output, outcome.error) == (0, "0.1.0\n", ""))
  }

  @Test func `the built tool refuses an unknown option`() throws {
    let outcome = try BuiltTool.run(["--nope"])
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("thimble: error: Unknown option '--nope'\n"))
  }
}
