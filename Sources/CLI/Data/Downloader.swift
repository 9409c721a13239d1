import Crypto
import Foundation

/// Brings files from public mirrors into a folder, unpacked. A file is there whole and right, or not at all.
struct Downloader: Sendable {
  /// What to bring.
  var files = RemoteFile.mnist
  /// The addresses that file names are appended to, tried in this order for each file.
  var mirrors: [String]
  /// How long a mirror may stay silent, in seconds.
  var patience = 20.0

  /// Downloads from `mirrors`, or from `THIMBLE_MNIST_MIRROR` alone where that is set.
  init(
    files: [RemoteFile] = RemoteFile.mnist, mirrors: [String] = RemoteFile.mnistMirrors,
    environment: [String: String] = [:]
  ) {
    self.files = files
    let own = environment["THIMBLE_MNIST_MIRROR"] ?? ""
    self.mirrors = own.isEmpty ? mirrors : [own]
  }

  /// Whether all files are in `folder`. They got there checked, so their content isn't read again.
  func isComplete(in folder: String) -> Bool {
    files.allSatisfy { Folder.kind(of: folder + "/" + $0.name) == .file }
  }

  /// Downloads what isn't yet in `folder`, which is made.
  /// - Throws: `FileError` where the folder can't be written to, else a `Failure` that says what each mirror answered.
  func download(into folder: String) async throws {
    try Folder.make(folder)
    for file in files where !isThere(file, in: folder) {
      try await OutputFile.write(bytes(of: file), to: folder + "/" + file.name)
    }
  }

  private func isThere(_ file: RemoteFile, in folder: String) -> Bool {
    guard let bytes = try? InputFile.map(folder + "/" + file.name) else { return false }
    return digest(of: bytes) == file.digest
  }

  /// The unpacked bytes of `file` from the first mirror that has them.
  private func bytes(of file: RemoteFile) async throws -> Data {
    var answers: [String] = []
    for mirror in mirrors {
      let address = (mirror.hasSuffix("/") ? mirror : mirror + "/") + file.name + ".gz"
      do {
        let received = try await receive(address, name: file.name)
        // Some servers declare a .gz as packed for the way; then it arrives unpacked.
        let isPacked = received.starts(with: [0x1f, 0x8b])
        let bytes = isPacked ? try Gunzip.unpacked(received) : received
        let found = digest(of: bytes)
        guard found == file.digest else {
          throw Failure("wrong content, SHA-256 \(found) instead of \(file.digest)")
        }
        return bytes
      } catch let error as Failure {
        answers.append("\(address): \(error)")
      } catch let error as GunzipError {
        answers.append("\(address): \(error)")
      }
    }
    throw Failure("cannot download \(file.name): " + answers.joined(separator: "; "))
  }

  private func receive(_ address: String, name: String) async throws(Failure) -> Data {
    guard let url = URL(string: address), url.host != nil else { throw Failure("not an address") }
    return try await Transfer(name: name).bytes(at: url, patience: patience)
  }

  private func digest(of bytes: Data) -> String {
    SHA256.hash(data: bytes).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
