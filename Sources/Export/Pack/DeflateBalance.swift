/// What `deflate` saves of a model's file, against the code that unpacks it on each target.
public struct DeflateBalance: Sendable {
  /// One target's balance.
  public struct Target: Sendable {
    /// The target's name.
    public let name: String
    /// Bytes of code that unpack.
    public let decoderByteCount: Int
  }

  /// The decoder's code, in bytes, as `make -C Firmware decoder-cost` measures it.
  public static let targets = [
    Target(name: "cortex-m4", decoderByteCount: 2_174),
    Target(name: "rpi-zero", decoderByteCount: 3_664),
    Target(name: "linux-arm64", decoderByteCount: 3_192),
  ]

  /// Bytes of weights used in place.
  public let inPlaceByteCount: Int
  /// Bytes of the same weights in DEFLATE streams, heads included, where those are smaller.
  public let compressedByteCount: Int
  /// Bytes of RAM that unpacked weights take.
  public let weightRAMByteCount: Int

  /// Bytes of the file that it saves.
  public var saved: Int { inPlaceByteCount - compressedByteCount }

  /// Whether packing saves more than its decoder takes on `target`.
  public func pays(on target: Target) -> Bool { saved > target.decoderByteCount }

  /// The balance of weights packed both ways.
  init(inPlace: [PackedWeights], compressed: [PackedWeights]) {
    inPlaceByteCount = inPlace.reduce(0) { $0 + $1.storedByteCount }
    compressedByteCount = compressed.reduce(0) { $0 + $1.storedByteCount }
    weightRAMByteCount = compressed.reduce(0) {
      $1.encoding == .deflate ? ($0 + 3) & ~3 + $1.weightCount : $0
    }
  }
}
