import Foundation
import TinyRuntime

/// A model built for a target, through the firmware's own Makefile.
struct FirmwareImage {
  let checkout: FirmwareCheckout
  let target: String
  /// The model file as the target gets it.
  let model: String
  let output: String
  /// The model's walk as Swift, or nil for the interpreter.
  var specialized: String?
  /// Whether weights are a byte each, so that the interpreter needs nothing that unpacks them.
  var isRawOnly = true
  /// What is counted by record, if anything: instructions by the emulator, cycles by the image itself.
  var profiled: ProfileCounts.Unit?

  /// What a run under the emulator showed.
  struct Report {
    var outputs: [[Int8]] = []
    var stack = 0
    /// Of one inference; nil where nothing counts them.
    var instructions: Int?
    /// The same by record; nil where nothing counts them.
    var profile: ProfileCounts?
    var flash = 0
    var ram = 0
  }

  /// Builds the image.
  /// - Returns: the bytes of flash.
  func build() throws -> Int {
    _ = try make("firmware", [])
    let sizes = try make("size", [])
    guard let flash = Self.number(after: "flash", in: sizes) else {
      throw Failure("the sizes of the image could not be read")
    }
    return flash
  }

  /// Builds the image with pictures in it and boots it.
  func run(_ inputs: [[Int8]]) throws -> Report {
    let path = absolute(output) + "/pictures.raw"
    var bytes = Data()
    for input in inputs { bytes.append(contentsOf: input.map(UInt8.init(bitPattern:))) }
    try OutputFile.write(bytes, to: path)
    let lines = try make("run", ["PICTURES=\(path)", "COUNT=\(inputs.count)"])
    var report = Report()
    report.outputs = lines.compactMap(Self.tensor)
    report.profile = ProfileCounts(lines)
    guard let stack = Self.number(after: "stack", in: lines),
      let instructions = Self.instructions(in: lines),
      let flash = Self.number(after: "flash", in: lines),
      let ram = Self.number(after: "ram", in: lines)
    else { throw Failure("the run on \(target) ended without its figures") }
    (report.stack, report.instructions) = (stack, instructions)
    (report.flash, report.ram) = (flash, ram)
    return report
  }

  /// The count of instructions, nil for a target that has none; nil if the line itself is missing.
  private static func instructions(in lines: [String]) -> Int?? {
    if lines.contains("instructions uncounted") { return .some(nil) }
    return number(after: "instructions", in: lines).map { $0 }
  }

  /// The order of weights that the target's kernels want.
  func layout() throws -> WeightLayout {
    let lines = try make("layout", [])
    guard let name = lines.first,
      let layout = WeightLayout.allCases.first(where: { "\($0)" == name })
    else { throw Failure("the layout of weights for \(target) could not be read") }
    return layout
  }

  private static func number(after word: String, in lines: [String]) -> Int? {
    lines.lazy.map { $0.split(separator: " ") }.first { $0.count > 1 && $0[0] == word }
      .flatMap { Int($0[1]) }
  }

  /// The int8 values of a line of hexadecimal digits.
  private static func tensor(_ line: String) -> [Int8]? {
    let digits = Array(line)
    guard digits.count % 2 == 0, !digits.isEmpty else { return nil }
    var values: [Int8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(digits[index...index + 1]), radix: 16) else { return nil }
      values.append(Int8(bitPattern: byte))
    }
    return values
  }

  private func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardized.path }

  /// Calls the Makefile; one at a time for a target, since builds of it share their objects.
  private func make(_ goal: String, _ settings: [String]) throws -> [String] {
    let folder = checkout.path + "/.build-" + target
    try Folder.make(folder)
    let lock = open(folder + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o666)
    guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
      throw Failure("cannot lock \(folder): \(SystemError.last)")
    }
    defer { close(lock) }
    let (status, output, errors) = try ChildProcess.run(
      "make",
      [
        "-s", "-C", checkout.path + "/Firmware", goal, "TARGET=\(target)",
        "MODEL=\(absolute(model))", "OUTPUT=\(absolute(self.output))",
        specialized.map { "SPECIALIZED=\(absolute($0))" } ?? "RAW_ONLY=\(isRawOnly ? "1" : "")",
        "PROFILE=\(profiled?.rawValue ?? "")",
      ] + settings)
    guard status == 0 else {
      let reason = errors.last { !$0.hasPrefix("make") } ?? "make ended with status \(status)"
      for line in errors.dropLast().suffix(12) { StandardError.write("  \(line)\n") }
      throw Failure("\(goal) for \(target) failed: \(reason)")
    }
    return output
  }
}
