import ArgumentParser
import Export
import Foundation
import Network
import Train

/// Builds a model into firmware, and runs it under the emulator.
struct FirmwareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "firmware", abstract: "Cross-compile runtime and model for a target; run it.",
    discussion: """
      --run boots the image under the emulator with pictures of the test set and compares every output byte with \
      this machine's.

      --profile --run counts instructions layer by layer under the emulator. Without --run the image itself counts cycles \
      on the board and writes them after its outputs; --profile-log makes the table of what was captured.

      Example: thimble firmware Models/digits.thimble --target cortex-m4 --run --output build
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The model file.") var model: String
  @Option(help: "What to build for: a folder of Firmware/Boards.") var target: String
  @Flag(
    name: .customLong("run"), help: "Boot it under the emulator and compare with this machine.")
  var isRun = false
  @Option(
    name: [.customLong("pictures"), .customLong("data")],
    help: "The data folder; else THIMBLE_DATA.")
  var pictures: String?
  @Option(help: "How many test pictures.") var count = 100
  @Flag(
    help:
      "Link the interpreter, for models that are replaced in the field, instead of code for this model."
  )
  var interpreted = false
  @Flag(
    help:
      "Count layer by layer: with --run instructions, without it cycles on the board."
  )
  var profile = false
  @Option(help: "Read what a board wrote that counts cycles, instead of making firmware.")
  var profileLog: String?
  @Option(help: "The checkout with the sources; else the one that this tool was built from.")
  var source: String?
  @Option(help: "The folder to leave the image in.") var output: String?

  func validate() throws {
    guard count >= 1 else { throw ValidationError("--count takes a number from 1") }
    guard !profile || !isRun || !interpreted else {
      throw ValidationError(
        "--profile --run counts code made for the model, and takes no --interpreted")
    }
    guard profileLog == nil || !isRun && !profile else {
      throw ValidationError("--profile-log takes neither --run nor --profile")
    }
  }

  private struct ProfileResult: Encodable {
    var target: String
    var layers: [FirmwareProfile.Layer]
  }

  private struct Result: Encodable {
    var target: String
    var flash_bytes: Int
    @Nullable var ram_bytes: Int?
    @Nullable var stack_bytes: Int?
    @Nullable var instructions: Int?
    @Nullable var pictures: Int?
    @Nullable var mismatches: Int?
    @Nullable var layers: [FirmwareProfile.Layer]?
  }

  func run() throws {
    let model = try NetworkFile.model(model)
    let checkout = try FirmwareCheckout(source)
    guard checkout.targets.contains(target) else {
      throw Failure(
        "no target \(target); there are \(checkout.targets.joined(separator: ", "))")
    }
    if let profileLog { return try show(profileLog, of: model) }
    guard let output else { throw ValidationError("--output is missing") }
    try Folder.make(output)
    var image = FirmwareImage(
      checkout: checkout, target: target, model: output + "/model.thimble", output: output)
    let layout = try image.layout()
    guard model.layout == .plain || model.layout == layout else {
      throw Failure(
        "\(self.model) has its weights laid out as \(model.layout) for another target, and \(target) takes \(layout); "
          + "give the file that export wrote")
    }
    let file =
      model.layout == .plain
      ? model.relaid(to: layout, isForThisModelOnly: !interpreted) : model.file
    try OutputFile.write(Data(file), to: image.model)
    let stored = try HostModel(file)
    image.isRawOnly = stored.hasRawWeightsOnly
    if !interpreted, let source = SpecializedSource(stored) {
      let path = output + "/SpecializedModel.swift"
      try OutputFile.write(Data(source.text.utf8), to: path)
      image.specialized = path
    }
    guard !profile || !isRun || image.specialized != nil else {
      throw Failure(
        "--profile --run counts code made for the model, and \(self.model) takes the interpreter")
    }
    if profile { image.profiled = isRun ? .instructions : .cycles }
    var result = Result(target: target, flash_bytes: 0)
    var table = ""
    if isRun {
      let inputs = try testInputs(of: model)
      let report = try image.run(inputs)
      result.pictures = inputs.count
      // A picture without an output counts, too.
      result.mismatches = inputs.indices.count { index in
        !report.outputs.indices.contains(index) || report.outputs[index] != model.run(inputs[index])
      }
      (result.flash_bytes, result.ram_bytes) = (report.flash, report.ram)
      (result.stack_bytes, result.instructions) = (report.stack, report.instructions)
      if profile {
        guard let counts = report.profile else {
          throw Failure("nothing counts the instructions of \(target)")
        }
        let profile = try FirmwareProfile(counts, of: model)
        (result.layers, table) = (profile.layers, "\n" + profile.table)
      }
    } else {
      result.flash_bytes = try image.build()
    }
    if global.isJSON {
      try JSONOutput.write(result)
    } else {
      try write(result)
      try StandardOutput.write(table)
    }
    if profile && !isRun {
      StandardError.note("the board writes its cycles after the outputs; --profile-log reads them")
    }
    if let mismatches = result.mismatches, mismatches > 0 {
      throw Failure("\(mismatches) of \(count) pictures give other bytes on \(target)")
    }
  }

  /// Shows what a board counted.
  private func show(_ log: String, of model: HostModel) throws {
    let lines = String(decoding: try InputFile.read(log), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
    guard let counts = ProfileCounts(lines) else {
      throw Failure(
        "\(log) has no profile: a line of cycles, and one for each record that took steps")
    }
    let profile = try FirmwareProfile(counts, of: model)
    if global.isJSON {
      return try JSONOutput.write(ProfileResult(target: target, layers: profile.layers))
    }
    try StandardOutput.write(profile.table)
  }

  private func write(_ result: Result) throws {
    var table = Table([.left(target), .right("")])
    table.add(["flash, bytes", NumberFormat.grouped(result.flash_bytes)])
    if let ram = result.ram_bytes, let stack = result.stack_bytes {
      table.add(["RAM, bytes", NumberFormat.grouped(ram)])
      table.add(["of it stack", NumberFormat.grouped(stack)])
    }
    if isRun {
      let count = result.instructions.map { NumberFormat.grouped($0) } ?? "not counted"
      table.add(["instructions an inference", count])
    }
    try StandardOutput.write(table.text)
    if let pictures = result.pictures, result.mismatches == 0 {
      try StandardOutput.line(
        "host = firmware: \(NumberFormat.grouped(pictures)) pictures, 0 bytes differ")
    }
  }

  /// The first test pictures as input tensors.
  private func testInputs(of model: HostModel) throws -> [[Int8]] {
    let source = DataSource(environment: ProcessInfo.processInfo.environment)
    let test = try DatasetLoader(cache: source.cache, shape: model.inputShape)
      .load(.test, from: source.folder(option: pictures))
    guard test.shape == model.inputShape else {
      throw Failure("the model takes pictures of \(model.inputShape), found \(test.shape)")
    }
    guard test.count >= count else {
      throw Failure("the test set has \(test.count) pictures, --count asks for \(count)")
    }
    return (0..<count).map { index in
      test.withPicture(at: index) { $0.map { Int8(bitPattern: $0 ^ 0x80) } }
    }
  }
}
