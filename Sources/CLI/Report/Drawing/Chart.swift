/// Lines over epochs, as the chart template draws them: places are in the units of its view box.
struct Chart {
  /// A named value of an axis.
  struct Tick {
    var position: String
    var text: String
  }

  /// Values of a run, one an epoch.
  struct Series {
    /// What the legend says, and how the line is drawn.
    var key: Key
    /// Epochs, which may be parts of one, and values.
    var points: [(epoch: Double, value: Double)]
    /// The epoch whose weights are the result; a dot marks it.
    var markedEpoch: Int?
  }

  /// An entry of the legend.
  struct Key {
    var text: String
    /// The style sheet's classes: one of the eight colours, `c0` to `c7`, and `dashed`.
    var look: String
  }

  private struct Line {
    var look: String
    var points: String
  }

  private struct Dot {
    var look: String
    var x: String
    var y: String
  }

  /// What the vertical axis shows, and how.
  struct Measure {
    var scale: ChartAxis.Scale
    /// Where a value is on the axis: itself, or something of it.
    var place: (Double) -> Double = { $0 }
    /// A place that the axis holds in any case.
    var origin: Double?
    /// What stands for a place that the scale doesn't have, named where a line comes to it.
    var floor: (place: Double, text: String)?
    /// No place above it is named.
    var limit = Double.infinity
    /// Whether places grow downwards.
    var isReversed = false
    /// The name of a place.
    var text: (Double) -> String

    /// The name of a value.
    fileprivate func name(_ value: Double) -> String {
      let place = place(value)
      return place == floor?.place ? floor?.text ?? "" : text(place)
    }
  }

  /// Where the axes are, in the template's view box.
  private static let plot = (left: 74.0, top: 12.0, right: 628.0, bottom: 256.0)
  /// A line of more points is thinned: the eye can't tell.
  private static let mostPoints = 400

  // The template reads these.
  private let left = Self.number(Self.plot.left)
  private let right = Self.number(Self.plot.right)
  private let top = Self.number(Self.plot.top)
  private let bottom = Self.number(Self.plot.bottom)
  private let heading: String
  private let alternative: String
  private let note: String?
  private let xTicks: [Tick]
  private let yTicks: [Tick]
  private let lines: [Line]
  private let dots: [Dot]
  private let keys: [Key]

  /// A chart of these lines; nil where there is nothing to draw.
  ///
  /// - Parameters:
  ///   - heading: what is shown.
  ///   - note: what one must know to read it.
  ///   - series: the lines; a legend names each key once.
  ///   - measure: what their values are.
  ///   - lastEpoch: where the horizontal axis ends.
  init?(_ heading: String, note: String?, _ series: [Series], _ measure: Measure, lastEpoch: Int) {
    let series = series.filter { !$0.points.isEmpty }
    guard !series.isEmpty else { return nil }
    let plot = Self.plot
    let epochs = series.flatMap { $0.points.map(\.epoch) }
    let x = ChartAxis(
      epochs + [Double(lastEpoch)], .linear, from: plot.left + 6, to: plot.right - 6)
    let y = ChartAxis(
      series.flatMap { $0.points.map { measure.place($0.value) } }
        + (measure.origin.map { [$0] } ?? []), measure.scale,
      from: measure.isReversed ? plot.top + 6 : plot.bottom - 6,
      to: measure.isReversed ? plot.bottom - 6 : plot.top + 6)
    let place = { (point: (epoch: Double, value: Double)) in
      (Self.number(x.position(point.epoch)), Self.number(y.position(measure.place(point.value))))
    }
    self.heading = heading
    self.note = note
    xTicks = x.ticks.filter { $0 == $0.rounded() }.map {
      Tick(
        position: Self.number(x.position($0)), text: NumberFormat.decimal($0, places: 0))
    }
    let floor = measure.floor.flatMap { floor in
      series.contains { $0.points.contains { measure.place($0.value) == floor.place } }
        ? floor : nil
    }
    yTicks =
      y.ticks.filter { $0 <= measure.limit && $0 > 1.3 * (floor?.place ?? 0) }.map {
        Tick(position: Self.number(y.position($0)), text: measure.text($0))
      }
      + (floor.map { [Tick(position: Self.number(y.position($0.place)), text: $0.text)] } ?? [])
    lines = series.map { series in
      Line(
        look: series.key.look,
        points: Self.thinned(series.points).map { place($0) }.map { "\($0.0),\($0.1)" }
          .joined(separator: " "))
    }
    dots = series.compactMap { series in
      // One point makes no line.
      let marked =
        series.points.count == 1
        ? series.points[0]
        : series.points.first { $0.epoch == series.markedEpoch.map(Double.init) }
      return marked.map { Dot(look: series.key.look, x: place($0).0, y: place($0).1) }
    }
    var names: Set<String> = []
    keys = series.map(\.key).filter { names.insert($0.text).inserted }
    alternative = series.map { series in
      let (first, last) = (series.points[0].value, series.points[series.points.count - 1].value)
      return "\(series.key.text): from \(measure.name(first)) to \(measure.name(last))"
    }.joined(separator: "; ")
  }

  private static func number(_ value: Double) -> String { NumberFormat.decimal(value, places: 1) }

  private static func thinned<Element>(_ points: [Element]) -> [Element] {
    guard points.count > mostPoints else { return points }
    return (0..<mostPoints).map { points[$0 * (points.count - 1) / (mostPoints - 1)] }
  }
}
