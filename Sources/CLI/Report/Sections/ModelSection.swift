import Export
import Foundation
import TinyRuntime

/// The model file that was made of the network.
struct ModelSection {
  private struct Row {
    var name: String
    var operation: String
    var shape: String
    var stored: String
    var bytes: String
    var macs: String
    var rows: String
    var arena: String
  }

  private let file: String
  private let fileBytes: String
  private let arenaBytes: String
  private let weightBytes: String
  private let accuracy: String
  private let interval: String
  private let steps: [Row]
  private let arena: String
  private let arenaWords: String

  init(_ model: HostModel, _ name: String, _ evaluation: ModelEvaluation) {
    file = name
    fileBytes = NumberFormat.grouped(model.file.count)
    arenaBytes = NumberFormat.grouped(model.model.arenaByteCount)
    weightBytes = NumberFormat.grouped(model.model.weightRAMByteCount)
    accuracy = NumberFormat.percent(evaluation.accuracy)
    interval = WilsonInterval(evaluation.correct, of: evaluation.count)?.words ?? "-"
    steps = Inspection(model).layers.map { layer in
      Row(
        name: layer.name, operation: layer.operation, shape: layer.shape,
        stored: layer.encoding ?? "-", bytes: NumberFormat.grouped(layer.byteCount),
        macs: NumberFormat.grouped(layer.macs), rows: "\(layer.ringHeight) of \(layer.rowCount)",
        arena: NumberFormat.grouped(layer.arenaByteCount))
    }
    let picture = ArenaPicture(model)
    arena = "data:image/svg+xml;base64," + Data(picture.svg.utf8).base64EncodedString()
    arenaWords =
      "What lies where in the arena of \(NumberFormat.grouped(picture.byteCount)) bytes, over "
      + "\(NumberFormat.grouped(picture.stepCount)) steps: at most "
      + "\(NumberFormat.grouped(picture.mostInUse)) are in use"
  }
}
