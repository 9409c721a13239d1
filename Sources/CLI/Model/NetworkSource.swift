import Foundation
import Network
import Train

/// A network to train: a preset by name, or a text file.
struct NetworkSource {
  /// Without parameters.
  let network: Network
  /// How it is trained where nothing else is said.
  let recipe: Recipe

  /// Finds the network.
  /// - Throws: a `Failure` that names the file and its line, or the presets.
  init(_ name: String) throws {
    if let preset = Preset(rawValue: name) {
      (network, recipe) = (preset.network, preset.recipe)
      return
    }
    guard Folder.kind(of: name) != .nothing else {
      let presets = Preset.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure("\(name) is neither a file nor a preset (\(presets))")
    }
    let bytes = try InputFile.read(name)
    do throws(NetworkTextError) {
      network = try Network(text: String(decoding: bytes, as: UTF8.self))
    } catch { throw Failure("\(name): \(error)") }
    recipe = Recipe()
  }
}
