import Crypto
import Foundation
import Train

extension Dataset {
  /// A text that another set has only if it holds the same pictures with the same labels in the same order.
  var digest: String {
    var hash = SHA256()
    hash.update(data: Data("\(shape)\n\(labelNames)\n".utf8))
    for index in 0..<count {
      withPicture(at: index) { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
      hash.update(data: [UInt8(label(at: index))])
    }
    return hash.finalize().hexadecimal
  }
}

extension Digest {
  /// The bytes as text.
  var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}
