import Export
import Foundation
import Network
import TinyRuntime
import Train

/// A file that holds a network, float or int8. Which of the two is told by its bytes, not its name.
enum NetworkFile {
  case model(HostModel)
  case checkpoint(Checkpoint)

  /// Reads the file at `path`.
  /// - Throws: `FileError`, or a `Failure` that names the file.
  init(_ path: String) throws {
    let bytes = [UInt8](try InputFile.read(path))
    if Self.isModel(bytes) {
      self = .model(try Self.model(bytes, path))
    } else if Self.isCheckpoint(bytes) {
      self = .checkpoint(try Self.checkpoint(bytes, path))
    } else {
      throw Failure("\(path): neither a model file nor a checkpoint")
    }
  }

  /// Reads a model file.
  static func model(_ path: String) throws -> HostModel {
    try model([UInt8](InputFile.read(path)), path)
  }

  /// Reads a checkpoint, or the state of a run that was stopped.
  static func checkpoint(_ path: String) throws -> Checkpoint {
    try checkpoint([UInt8](InputFile.read(path)), path)
  }

  private static func isModel(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "THMB".utf8) }

  /// Whether bytes begin as safetensors does: eight bytes of length, then the header's brace.
  private static func isCheckpoint(_ bytes: [UInt8]) -> Bool {
    !isModel(bytes) && bytes.dropFirst(8).first == UInt8(ascii: "{")
  }

  private static func model(_ bytes: [UInt8], _ path: String) throws -> HostModel {
    if isCheckpoint(bytes) {
      throw Failure("\(path): is a checkpoint, a model file is needed; thimble export makes one")
    }
    do throws(ModelError) {
      return try HostModel(bytes)
    } catch { throw Failure("\(path): \(error.words)") }
  }

  private static func checkpoint(_ bytes: [UInt8], _ path: String) throws -> Checkpoint {
    guard isCheckpoint(bytes) else {
      let found = isModel(bytes) ? "is a model file" : "is no safetensors file"
      throw Failure("\(path): \(found), a checkpoint is needed")
    }
    do throws(CheckpointError) {
      return TrainingState.isOne(bytes)
        ? Checkpoint(try TrainingState(bytes: bytes)) : try Checkpoint(bytes: bytes)
    } catch { throw Failure("\(path): \(error)") }
  }
}

extension HostModel {
  /// The shape of the picture.
  var inputShape: Shape {
    Shape(height: model.inputHeight, width: model.inputWidth, channels: model.inputChannels)
  }

  /// The shape of the output.
  var outputShape: Shape {
    Shape(height: model.outputHeight, width: model.outputWidth, channels: model.outputChannels)
  }

  /// What the label `index` is called.
  func labelName(_ index: Int) -> String { Labels.name(index, of: metadata?.labels) }
}
