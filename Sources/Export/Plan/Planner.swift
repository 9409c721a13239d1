import TinyRuntime

/// Plans the arena of a quantized network.
struct Planner {
  private var records: [OpRecord]
  private let names: [String]

  /// Plans for `goal`.
  /// - Throws: `ExportError.overlap` where the proof fails, which would be a bug here.
  static func plan(
    _ network: QuantizedNetwork, names: [String], for goal: Goal
  ) throws(ExportError) -> Plan {
    var planner = Planner(records: network.nodes.map(\.record), names: names)
    planner.setMargins()
    planner.fold()
    planner.setRings(for: goal)
    return try planner.place()
  }

  /// Gives each edge the margin that the most demanding of its readers needs.
  private mutating func setMargins() {
    for index in records.indices where records[index].op.hasWindow {
      let record = records[index]
      let input = records[record.input]
      let bottom =
        (record.height - 1) * record.strideVertical + record.kernelHeight - record.paddingTop
        - input.height
      let right =
        (record.width - 1) * record.strideHorizontal + record.kernelWidth - record.paddingLeft
        - input.width
      records[record.input].marginTop = max(input.marginTop, record.paddingTop)
      records[record.input].marginBottom = max(input.marginBottom, bottom)
      records[record.input].marginLeft = max(input.marginLeft, record.paddingLeft)
      records[record.input].marginRight = max(input.marginRight, right)
    }
  }

  /// Lets each max pool whose windows don't overlap take over the convolution before it, where nothing else reads that.
  private mutating func fold() {
    for index in records.indices { records[index].ringHeight = Self.unbounded }
    for index in records.indices.dropFirst() {
      let pool = records[index]
      let readers = records.indices.filter { records[$0].inputs.contains(index - 1) }
      guard pool.op == .maxPool2D, readers == [index], records[index - 1].op.canFold,
        pool.strideVertical >= pool.kernelHeight, pool.strideHorizontal >= pool.kernelWidth,
        max(pool.kernelHeight, pool.kernelWidth) <= ModelFormat.foldedPoolExtent
      else { continue }
      records[index - 1].ringHeight = 0
    }
  }

  /// What record `index` runs as.
  private func step(_ index: Int) -> OpRecord {
    let record = records[index]
    guard record.op == .maxPool2D, records[record.input].isFolded else { return record }
    return records[record.input].pooled(by: record)
  }

  /// A ring height that no edge has: of an edge that keeps what it needs, not known yet how much that is.
  private static let unbounded = 0xFFFF

  /// Chooses how many rows each edge keeps. The picture's always streams, since it costs nothing.
  ///
  /// Which edges are whole decides the order of the walk, and the order decides how many rows must be kept; an edge
  /// that turns out to need all its rows becomes whole, and the walk is simulated again. Edges only ever become
  /// whole, so that it ends.
  private mutating func setRings(for goal: Goal) {
    for index in records.indices where !records[index].isFolded {
      let isWhole =
        index == records.count - 1 || records[index].op.accumulates || goal == .speed && index > 0
      records[index].ringHeight = isWhole ? records[index].paddedHeight : Self.unbounded
    }
    while true {
      let needed = neededRingHeights()
      var isSettled = true
      for index in records.indices where records[index].ringHeight == Self.unbounded {
        if needed[index] >= records[index].paddedHeight {
          records[index].ringHeight = records[index].paddedHeight
          isSettled = false
        }
      }
      if isSettled {
        for index in records.indices where records[index].ringHeight == Self.unbounded {
          records[index].ringHeight = needed[index]
        }
        return
      }
    }
  }

  /// The rows of each edge that must be kept in the walk as the rings are now.
  private func neededRingHeights() -> [Int] {
    var needed = [Int](repeating: 1, count: records.count)
    walk { index, step, made in
      let record = self.step(index)
      for input in record.inputs {
        let rows = record.rows(ofInput: records[input], atStep: step)
        if !rows.isEmpty { needed[input] = max(needed[input], made[input] - rows.lowerBound) }
      }
    }
    return needed
  }

  /// Calls `step` for each step of the walk: the record, its step, and how many steps each op has taken.
  private func walk(_ step: (_ index: Int, _ step: Int, _ made: [Int]) -> Void) {
    var file = [UInt8](repeating: 0, count: ModelFormat.headerByteCount)
    for record in records { file.append(record) }
    var state = [UInt8](
      repeating: 0, count: ModelFormat.stateByteCount(recordCount: records.count))
    var span = state.mutableSpan
    var made = [Int](repeating: 0, count: records.count)
    Walk.run(file.span.bytes, recordCount: records.count, state: &span) {
      (index, _, _, number, _) throws(Never) in
      step(index, number, made)
      made[index] += 1
    }
  }

  /// Gives each edge its place: the largest first, each as low as it can lie beside those that live at the same time.
  private func place() throws(ExportError) -> Plan {
    var edges = records.map { record in
      Plan.Edge(
        marginTop: record.marginTop, marginBottom: record.marginBottom,
        marginLeft: record.marginLeft, marginRight: record.marginRight,
        ringHeight: record.ringHeight, byteCount: record.bufferByteCount)
    }
    let stepCount = setLifetimes(&edges)
    let state = ModelFormat.stateByteCount(recordCount: records.count)
    var placed: [Int] = []
    let order = edges.indices.filter { !records[$0].isFolded }.sorted {
      (edges[$1].byteCount, $0) < (edges[$0].byteCount, $1)
    }
    for index in order {
      let neighbours = placed.filter { edges[$0].lifetime.overlaps(edges[index].lifetime) }
        .sorted { edges[$0].offset < edges[$1].offset }
      var offset = state
      for neighbour in neighbours {
        if offset + edges[index].byteCount <= edges[neighbour].offset { break }
        // Multiples of 4: accumulators need it, and rows are faster to read.
        offset = max(offset, (edges[neighbour].offset + edges[neighbour].byteCount + 3) & ~3)
      }
      edges[index].offset = offset
      placed.append(index)
    }
    let end = edges.map { $0.offset + $0.byteCount }.max() ?? state
    let plan = Plan(edges: edges, arenaByteCount: (end + 3) & ~3, stepCount: stepCount)
    try prove(plan)
    return plan
  }

  /// Sets when each edge is first written and last read; the output is read after the walk.
  /// - Returns: the number of steps.
  private func setLifetimes(_ edges: inout [Plan.Edge]) -> Int {
    var time = 0
    var first = [Int](repeating: Int.max, count: records.count)
    var last = [Int](repeating: 0, count: records.count)
    walk { index, step, _ in
      let record = self.step(index)
      let read = record.inputs.filter {
        !record.rows(ofInput: records[$0], atStep: step).isEmpty
      }
      for used in read + [index] {
        first[used] = min(first[used], time)
        last[used] = time
      }
      time += 1
    }
    last[records.count - 1] = time
    for index in edges.indices where first[index] <= last[index] {
      edges[index].lifetime = first[index]...last[index]
    }
    return time
  }

  /// Checks that no two edges that live at one time share a byte.
  private func prove(_ plan: Plan) throws(ExportError) {
    for first in plan.edges.indices {
      for second in plan.edges.indices where second > first {
        let (a, b) = (plan.edges[first], plan.edges[second])
        let isApart = a.offset + a.byteCount <= b.offset || b.offset + b.byteCount <= a.offset
        guard isApart || !a.lifetime.overlaps(b.lifetime) else {
          throw .overlap(names[first], names[second])
        }
      }
    }
  }
}
