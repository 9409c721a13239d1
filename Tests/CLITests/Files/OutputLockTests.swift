import Foundation
import Testing

@testable import CLI

@Suite("Output lock") struct OutputLockTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `one at a time, and nothing stays`() throws {
    let output = folder["net"]
    do {
      let lock = try OutputLock(output)
      try withExtendedLifetime(lock) {
        #expect(throws: Failure("\(output): another run is writing to it")) {
          try OutputLock(output)
        }
        _ = try OutputLock(folder["other"])
      }
    }
    #expect(try folder.names().isEmpty)
    _ = try OutputLock(output)
  }

  @Test func `what a killed process left is taken over`() throws {
    try folder.write(Data(), to: "net.lock")
    _ = try OutputLock(folder["net"])
    #expect(try folder.names().isEmpty)
  }

  @Test func `a folder that isn't there is named`() {
    let path = folder["nowhere/net"]
    #expect(throws: FileError.self) { try OutputLock(path) }
  }
}
