import CTinyRuntime
import Export
import Network
import Testing
@testable import TinyRuntime
import Train

@Suite struct KernelOracleTests {
  @Test("Every op of a random network equals the oracle's, streamed and whole", arguments: 0..<120)
  func equalsOracle(seed: Int) throws {
    let network = try RandomNetwork.network(seed: UInt64(seed))
    let samples = try noiseSamples(of: network, count: 2, seed: UInt64(seed))
    var random = SplitMix(seed: UInt64(seed))
    for goal in Goal.allCases {
      var options = ExportOptions()
      options.goal = goal
      let result = try Exporter.export(network, samples: samples, options: options)
      let model = try HostModel(result.file, runsAsStored: true)
      let oracle = IntegerOracle(file: result.file, records: model.records, unpacked: [:])
      // Every value there is, extremes more often.
      let input = (0..<model.inputCount).map { _ in
        Bool.random(using: &random)
          ? Int8.random(in: .min ... .max, using: &random)
          : [-128, 127, 0].randomElement(using: &random)!
      }
      let expected = oracle.run(input)
      var rows = [[Int]](repeating: [], count: model.records.count)
      let output = model.run(input) { index, _, row in
        for element in 0..<row.count { rows[index].append(Int(row[element])) }
      }
      // Rows that no one reads, which a stride can leave at the bottom, are not made, nor what a max pool took over.
      for index in rows.indices {
        #expect(
          expected[index].values.starts(with: rows[index])
            && rows[index].isEmpty == model.records[index].isFolded,
          "seed \(seed), \(goal), record \(index), \(model.records[index].op)\n\(network.text)")
      }
      #expect(output.map(Int.init) == expected.last?.values)
      for layout in WeightLayout.allCases {
        let relaid = try HostModel(model.relaid(to: layout))
        #expect(relaid.run(input) == output, "seed \(seed), \(goal), \(layout)\n\(network.text)")
      }
    }
  }

  @Test(
    "The random networks hold every op, padding, stride, groups, dilation, and pools that take over each kind of convolution"
  )
  func covers() throws {
    var operations: Set<OpCode> = []
    var folded = [String: Int]()
    var hasPadding = false
    var hasStride = false
    var hasGroups = false
    var hasDilation = false
    var hasDepthwiseDilation = false
    for seed in 0..<120 as Range<UInt64> {
      let network = try RandomNetwork.network(seed: seed)
      var options = ExportOptions()
      options.goal = .speed
      let file = try Exporter.export(
        network, samples: noiseSamples(of: network, count: 1, seed: seed), options: options
      ).file
      let records = try HostModel(file).records
      for (index, record) in records.enumerated() {
        if record.isFolded {
          let pool = records[index + 1]
          let kinds = [
            "\(record.op)": true,
            "groups": record.op == .conv2D && record.inputOrGroups > 1,
            "stride": record.strideVertical > 1, "padding": record.paddingTop > 0,
            "gap": pool.strideVertical > pool.kernelHeight,
          ]
          for (kind, isHit) in kinds where isHit { folded[kind, default: 0] += 1 }
        }
        operations.insert(record.op)
        hasPadding = hasPadding || record.paddingTop > 0 && record.paddingLeft > 0
        hasStride = hasStride || record.strideVertical > 1
        hasDilation = hasDilation || record.op == .conv2D && record.dilation > 1
        hasDepthwiseDilation =
          hasDepthwiseDilation
          // As many channels as would be tiled without gaps.
          || record.op == .depthwiseConv2D && record.dilation > 1 && record.channels & 3 == 0
        hasGroups = hasGroups || record.op == .conv2D && record.inputOrGroups > 1
      }
    }
    #expect(operations.count == OpCode.known.count + 1)
    #expect(folded.count == 6, "\(folded)")
    #expect(hasPadding && hasStride && hasGroups && hasDilation && hasDepthwiseDilation)
  }

  @Test("The C header's bits of ops are those of their codes, and all are built here")
  func opBits() {
    let bits: [OpCode: Int32] = [
      .conv2D: THIMBLE_OP_conv, .depthwiseConv2D: THIMBLE_OP_depthwise, .dense: THIMBLE_OP_dense,
      .maxPool2D: THIMBLE_OP_maxpool, .averagePool2D: THIMBLE_OP_avgpool,
      .globalAveragePool: THIMBLE_OP_globalavgpool, .add: THIMBLE_OP_add,
      .softmax: THIMBLE_OP_softmax, .table: THIMBLE_OP_table, .multiply: THIMBLE_OP_multiply,
      .concat: THIMBLE_OP_concat, .reshape: THIMBLE_OP_reshape, .upsample: THIMBLE_OP_upsample,
      .argmax: THIMBLE_OP_argmax,
    ]
    #expect(bits.count == OpCode.known.count)
    for (op, bit) in bits { #expect(bit == 1 << Int32(op.rawValue), "\(op)") }
    #expect(OpCode.known.allSatisfy(OpCode.isBuilt) && !OpCode.isBuilt(0) && !OpCode.isBuilt(15))
  }

  @Test(
    "Weights below 8 bits give the same outputs packed, raw and deflated, in every layout",
    arguments: 0..<40)
  func packedEqualsRaw(seed: Int) throws {
    let network = try RandomNetwork.network(seed: UInt64(seed))
    let samples = try noiseSamples(of: network, count: 1, seed: UInt64(seed))
    for grid in [WeightGrid.int4, .int2, .ternary] {
      var options = ExportOptions()
      options.weights = grid
      options.encoding = .raw
      let raw = try Exporter.export(network, samples: samples, options: options)
      let expected = try HostModel(raw.file).run(pixels: samples[0].pixels)
      for encoding in [EncodingChoice.packed, .deflate] {
        options.encoding = encoding
        let result = try Exporter.export(network, samples: samples, options: options)
        #expect(result.report.weightByteCount <= raw.report.weightByteCount)
        let plain = try HostModel(result.file, runsAsStored: true)
        for layout in WeightLayout.allCases {
          let relaid = try HostModel(plain.relaid(to: layout))
          #expect(
            relaid.run(pixels: samples[0].pixels) == expected,
            "seed \(seed), \(grid), \(encoding), \(layout)\n\(network.text)")
        }
      }
    }
  }

  @Test("Deflated weights give the same outputs as raw ones", arguments: ["lenet", "small"])
  func deflatedEqualsRaw(preset: String) throws {
    let network = try #require(Preset(rawValue: preset)).network.untrained(seed: 5)
    let samples = try noiseSamples(of: network, count: 1, seed: 5)
    var options = ExportOptions()
    options.encoding = .raw
    let raw = try Exporter.export(network, samples: samples, options: options)
    options.encoding = .deflate
    let packed = try Exporter.export(network, samples: samples, options: options)
    #expect(packed.file.count < raw.file.count)
    #expect(packed.report.weightRAMByteCount > 0)
    #expect(raw.report.weightRAMByteCount == 0)
    let pixels = samples[0].pixels
    let plain = try HostModel(packed.file)
    let output = try HostModel(raw.file).run(pixels: pixels)
    #expect(plain.run(pixels: pixels) == output)
    for layout in WeightLayout.allCases {
      // Laid out for the interpreter they stay packed, and beside code made for the model they are used in place.
      let packed = try HostModel(plain.relaid(to: layout))
      let inPlace = try HostModel(plain.relaid(to: layout, isForThisModelOnly: true))
      #expect(packed.model.weightRAMByteCount > 0 && packed.metadata == plain.metadata)
      #expect(inPlace.model.weightRAMByteCount == 0 && inPlace.metadata == nil)
      #expect(packed.run(pixels: pixels) == output && inPlace.run(pixels: pixels) == output)
    }
  }
}
