import Export
import Network
import Testing
import TinyRuntime

@Suite struct ElementLoaderTests {
  /// A file with every op behind `softmax`, and a window with gaps.
  private let text = """
    input 8x8x2
    gate: conv 3x3 4 padding=same dilation=2
    tanh
    multiply gate
    conv 1x1 4
    concat gate
    upsample 2x1
    reshape 4x2x128
    argmax
    """

  @Test("Each field of the ops behind softmax has its error")
  func record() throws {
    let file = try ModelBytes.residual(text: text)
    let records = try HostModel(file).records
    func index(of op: OpCode) throws -> Int {
      try #require(records.lastIndex { $0.op == op })
    }
    func expect(
      _ record: Int, _ bytes: [Int: UInt8], _ kind: ModelError.RecordField, _ found: Int,
      _ allowed: ClosedRange<Int>, at failing: Int? = nil,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      var damaged = file
      for (field, value) in bytes { damaged[ModelBytes.offset(ofRecord: record, field)] = value }
      #expect(
        throws: ModelError.record(failing ?? record, kind, found: found, allowed: allowed),
        sourceLocation: sourceLocation
      ) { _ = try HostModel(ModelBytes.resealed(damaged)) }
    }
    func code(_ op: OpCode, dilation: Int) -> UInt8 { UInt8(dilation - 1) << 5 | op.rawValue }
    let conv = try #require(records.firstIndex { $0.dilation > 1 })
    #expect(records[conv].dilation == 2)
    expect(
      conv, [0: code(.conv2D, dilation: 8)], .kernelHeight, 17, 1...records[0].ringHeight)
    let table = try index(of: .table)
    expect(table, [0: code(.table, dilation: 2)], .dilation, 2, 1...1)
    expect(table, [6: 7], .width, 7, 8...8)
    let multiply = try index(of: .multiply)
    expect(multiply, [3: 200], .secondInput, 200, 0...multiply - 1)
    expect(multiply, [3: 0], .channels, 4, 2...2)
    expect(multiply, [23: 0], .shift, 0, 1...23)
    let concat = try index(of: .concat)
    let zeroPoint = Int(records[concat].zeroPoint)
    expect(concat, [3: 200], .secondInput, 200, 0...concat - 1)
    expect(concat, [8: 7], .channels, 7, 8...8)
    expect(
      concat, [22: UInt8(bitPattern: Int8(zeroPoint - 1))], .zeroPoint, zeroPoint - 1,
      zeroPoint...zeroPoint)
    let other = Int(records[multiply].zeroPoint)
    try #require(other != zeroPoint)
    expect(concat, [3: UInt8(multiply)], .zeroPoint, other, zeroPoint...zeroPoint)
    let upsample = try index(of: .upsample)
    expect(upsample, [18: 0x11], .height, 16, 8...8)
    expect(upsample, [18: 0x22], .width, 8, 16...16)
    expect(upsample, [18: 0x01], .height, 16, 0...0)
    expect(upsample, [16: 1], .unused, 1, 0...0)
    let reshape = try index(of: .reshape)
    expect(reshape, [8: 127], .channels, 1016, 1024...1024)
    expect(reshape, [18: 0x11], .unused, 1, 0...0)
    let argmax = try index(of: .argmax)
    expect(argmax, [6: 1], .width, 1, 2...2)
    expect(reshape, [6: 1, 8: 0, 9: 1], .inputChannels, 256, 1...128, at: argmax)
  }

  @Test("Any byte of its records, changed under a right checksum, is refused or runs")
  func fuzz() throws {
    let file = try ModelBytes.residual(text: text)
    let count = try HostModel(file).records.count
    let input = [Int8](repeating: 3, count: 128)
    for offset in 0..<ModelBytes.offset(ofRecord: count, 0) {
      for bit in 0..<8 {
        var damaged = file
        damaged[offset] ^= 1 << UInt8(bit)
        guard let model = try? HostModel(ModelBytes.resealed(damaged)), model.inputCount == 128
        else { continue }
        _ = model.run(input)
      }
    }
  }
}
