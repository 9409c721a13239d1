import Foundation
import Network
import Train

/// A network to train: a preset by name, a text file, or what was trained before.
struct NetworkSource {
  /// With parameters only where it was trained before.
  let network: Network
  /// How it is trained where nothing else is said.
  let recipe: Recipe

  /// Takes a network that was trained before, from the checkpoint at a path. `name`, if there is one, says the same layers
  /// and brings the recipe.
  /// - Throws: a `Failure` that names the file.
  init(from path: String, _ name: String?) throws {
    network = try NetworkFile.checkpoint(path).network
    guard let name else {
      recipe = Recipe()
      return
    }
    let named = try NetworkSource(name)
    guard named.network.text == network.text else {
      throw Failure("\(path): has other layers than \(name)")
    }
    recipe = named.recipe
  }

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
    let text = try InputFile.text(name)
    do throws(NetworkTextError) {
      network = try Network(text: text)
    } catch { throw Failure("\(name): \(error)") }
    recipe = Recipe()
  }
}
