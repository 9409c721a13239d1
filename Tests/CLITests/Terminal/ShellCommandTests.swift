import Testing

@testable import CLI

@Suite("Commands to be pasted") struct ShellCommandTests {
  @Test func `words that a shell would take apart are quoted`() {
    let words = ["thimble", "run", "a b", "it's", "$HOME", "", "~", "net-1.txt"]
    #expect("\(ShellCommand(words))" == "thimble run 'a b' 'it'\\''s' '$HOME' '' '~' net-1.txt")
  }
}
