/// A decoded record, read where it lies: a host decodes each once, and copying one for a step would take longer than many a step.
@safe
package struct RecordPointer: Record {
  private let record: UnsafePointer<OpRecord>

  /// A record that stays in place, unchanged, as long as this is used.
  @unsafe
  init(_ record: UnsafePointer<OpRecord>) { unsafe self.record = record }

  @inline(always)
  package var op: OpCode { unsafe record.pointee.op }
  @inline(always)
  package var dilation: Int { unsafe record.pointee.dilation }
  @inline(always)
  package var rounding: UInt8 { unsafe record.pointee.rounding }
  @inline(always)
  package var encoding: UInt8 { unsafe record.pointee.encoding }
  @inline(always)
  package var isLaidOut: Bool { unsafe record.pointee.isLaidOut }
  @inline(always)
  package var input: Int { unsafe record.pointee.input }
  @inline(always)
  package var inputOrGroups: Int { unsafe record.pointee.inputOrGroups }
  @inline(always)
  package var height: Int { unsafe record.pointee.height }
  @inline(always)
  package var width: Int { unsafe record.pointee.width }
  @inline(always)
  package var channels: Int { unsafe record.pointee.channels }
  @inline(always)
  package var ringHeight: Int { unsafe record.pointee.ringHeight }
  @inline(always)
  package var offset: Int { unsafe record.pointee.offset }
  @inline(always)
  package var kernelHeight: Int { unsafe record.pointee.kernelHeight }
  @inline(always)
  package var kernelWidth: Int { unsafe record.pointee.kernelWidth }
  @inline(always)
  package var strideVertical: Int { unsafe record.pointee.strideVertical }
  @inline(always)
  package var strideHorizontal: Int { unsafe record.pointee.strideHorizontal }
  @inline(always)
  package var paddingTop: Int { unsafe record.pointee.paddingTop }
  @inline(always)
  package var paddingLeft: Int { unsafe record.pointee.paddingLeft }
  @inline(always)
  package var marginTop: Int { unsafe record.pointee.marginTop }
  @inline(always)
  package var marginBottom: Int { unsafe record.pointee.marginBottom }
  @inline(always)
  package var marginLeft: Int { unsafe record.pointee.marginLeft }
  @inline(always)
  package var marginRight: Int { unsafe record.pointee.marginRight }
  @inline(always)
  package var zeroPoint: Int8 { unsafe record.pointee.zeroPoint }
  @inline(always)
  package var leftShift: Int { unsafe record.pointee.leftShift }
  @inline(always)
  package var weightShift: Int { unsafe record.pointee.weightShift }
  @inline(always)
  package var rightShift: Int { unsafe record.pointee.rightShift }
  @inline(always)
  package var blockOffset: Int { unsafe record.pointee.blockOffset }
  @inline(always)
  package var poolHeight: Int { unsafe record.pointee.poolHeight }
  @inline(always)
  package var poolWidth: Int { unsafe record.pointee.poolWidth }
  @inline(always)
  package var poolStrideVertical: Int { unsafe record.pointee.poolStrideVertical }
  @inline(always)
  package var poolStrideHorizontal: Int { unsafe record.pointee.poolStrideHorizontal }
}
