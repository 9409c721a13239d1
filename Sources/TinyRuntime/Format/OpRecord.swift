/// A record, decoded: for those who make records, and for code in which they are constants.
package struct OpRecord: Record, Equatable {
  package var op = OpCode.input
  package var dilation: Int = 1
  package var rounding: UInt8 = 0
  package var encoding: UInt8 = 0
  package var isLaidOut = false
  package var input: Int = 0
  package var inputOrGroups: Int = 0
  package var height: Int = 0
  package var width: Int = 0
  package var channels: Int = 0
  package var ringHeight: Int = 0
  package var offset: Int = 0
  package var kernelHeight: Int = 0
  package var kernelWidth: Int = 0
  package var strideVertical: Int = 0
  package var strideHorizontal: Int = 0
  package var paddingTop: Int = 0
  package var paddingLeft: Int = 0
  package var marginTop: Int = 0
  package var marginBottom: Int = 0
  package var marginLeft: Int = 0
  package var marginRight: Int = 0
  package var zeroPoint: Int8 = 0
  package var leftShift: Int = 0
  package var weightShift: Int = 0
  package var rightShift: Int = 0
  package var blockOffset: Int = 0
  package var poolHeight: Int = 1
  package var poolWidth: Int = 1
  package var poolStrideVertical: Int = 1
  package var poolStrideHorizontal: Int = 1

  package init() {}

  /// Decodes a record.
  init(_ record: some Record) {
    op = record.op
    dilation = record.dilation
    rounding = record.rounding
    encoding = record.encoding
    isLaidOut = record.isLaidOut
    input = record.input
    inputOrGroups = record.inputOrGroups
    height = record.height
    width = record.width
    channels = record.channels
    ringHeight = record.ringHeight
    offset = record.offset
    kernelHeight = record.kernelHeight
    kernelWidth = record.kernelWidth
    strideVertical = record.strideVertical
    strideHorizontal = record.strideHorizontal
    paddingTop = record.paddingTop
    paddingLeft = record.paddingLeft
    marginTop = record.marginTop
    marginBottom = record.marginBottom
    marginLeft = record.marginLeft
    marginRight = record.marginRight
    zeroPoint = record.zeroPoint
    leftShift = record.leftShift
    weightShift = record.weightShift
    rightShift = record.rightShift
    blockOffset = record.blockOffset
    poolHeight = record.poolHeight
    poolWidth = record.poolWidth
    poolStrideVertical = record.poolStrideVertical
    poolStrideHorizontal = record.poolStrideHorizontal
  }

  /// Decodes record `index` of a file long enough to hold it, which begins at a multiple of 4.
  package init(of file: RawSpan, at index: Int) {
    self = unsafe file.withUnsafeBytes { OpRecord(StoredRecord(index, of: unsafe Bytes($0))) }
  }

  /// Decodes what record `index` runs as: see `StoredRecord.init(step:of:)`.
  package init(step index: Int, of file: RawSpan) {
    self = unsafe file.withUnsafeBytes { OpRecord(StoredRecord(step: index, of: unsafe Bytes($0))) }
  }

  /// The record's bytes. Fields hold what their width allows: the exporter has made sure.
  package var bytes: [28 of UInt8] {
    [
      UInt8(dilation - 1) << 5 | op.rawValue, rounding &<< 4 | (isLaidOut ? 8 : 0) | encoding,
      UInt8(input), UInt8(inputOrGroups),
      UInt8(height & 255), UInt8(height >> 8), UInt8(width & 255), UInt8(width >> 8),
      UInt8(channels & 255), UInt8(channels >> 8), UInt8(ringHeight & 255), UInt8(ringHeight >> 8),
      UInt8(offset & 255), UInt8(offset >> 8 & 255), UInt8(offset >> 16 & 255), UInt8(offset >> 24),
      UInt8(kernelHeight), UInt8(kernelWidth),
      UInt8(strideVertical << 4 | strideHorizontal), UInt8(paddingTop << 4 | paddingLeft),
      UInt8(marginTop << 4 | marginBottom), UInt8(marginLeft << 4 | marginRight),
      UInt8(bitPattern: zeroPoint), UInt8((leftShift | weightShift) << 5 | rightShift),
      UInt8(blockOffset & 255), UInt8(blockOffset >> 8 & 255), UInt8(blockOffset >> 16 & 255),
      UInt8(blockOffset >> 24),
    ]
  }
}

extension OpRecord {
  /// This convolution with the window of the max pool that reads it: it makes the pool's edge of its own input.
  ///
  /// A requantized value grows with its sum, for no multiplier is negative; so the largest sum of a pool's window gives its
  /// largest value.
  package func pooled(by pool: OpRecord) -> OpRecord {
    var record = self
    record.height = pool.height
    record.width = pool.width
    record.ringHeight = pool.ringHeight
    record.offset = pool.offset
    record.marginTop = pool.marginTop
    record.marginBottom = pool.marginBottom
    record.marginLeft = pool.marginLeft
    record.marginRight = pool.marginRight
    record.poolHeight = pool.kernelHeight
    record.poolWidth = pool.kernelWidth
    record.poolStrideVertical = pool.strideVertical
    record.poolStrideHorizontal = pool.strideHorizontal
    return record
  }
}
