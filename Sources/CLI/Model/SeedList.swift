import ArgumentParser
import Foundation

/// Seeds as they are given: one, or several with commas between.
struct SeedList: ExpressibleByArgument {
  /// In the order given; at least one.
  let seeds: [UInt64]

  /// One seed.
  init(_ seed: UInt64) { seeds = [seed] }

  /// Reads `1` or `1,2,3`.
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let seeds = parts.compactMap { UInt64($0) }
    guard seeds.count == parts.count else { return nil }
    self.seeds = seeds
  }

  /// A seed that is there more than once, if one is.
  var repeated: UInt64? {
    var seen: Set<UInt64> = []
    return seeds.first { !seen.insert($0).inserted }
  }

  /// The seeds as an argument.
  var defaultValueDescription: String { seeds.map(String.init).joined(separator: ",") }

  /// Where a seed's checkpoint goes: to `output` itself if it is the only one, else beside it with the seed in its name,
  /// `net-2.safetensors`.
  func output(of seed: UInt64, _ output: String) -> String {
    guard seeds.count > 1 else { return output }
    let path = output as NSString
    let name = "\(path.deletingPathExtension)-\(seed)"
    return path.pathExtension.isEmpty ? name : "\(name).\(path.pathExtension)"
  }
}
