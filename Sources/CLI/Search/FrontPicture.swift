import Export
import Foundation
import Search

/// Accuracy against bytes of file, as a self-contained SVG file.
///
/// Both axes show ratios: a step to the right is so many times the bytes, a step upwards so many times fewer errors. Colour and
/// size of a point are its RAM.
struct FrontPicture {
  /// A trained trial.
  struct Mark {
    var point: FrontPoint
    /// What is shown where the pointer rests.
    var title: String
  }

  private static let size = (width: 1000.0, height: 600.0)
  private static let plot = (left: 80.0, top: 50.0, right: 780.0, bottom: 530.0)
  private static let bar = (left: 830.0, top: 110.0, width: 18.0, bottom: 410.0)
  private static let radii = (least: 4.0, most: 9.0)

  private let marks: [Mark]
  private let front: ParetoFront
  /// How many validation pictures there are.
  private let pictures: Int
  private let budget: Budget
  private let bytes: ChartAxis
  private let errors: ChartAxis
  private let ram: ChartAxis

  /// A picture of these trials.
  /// - Precondition: there is a trial.
  init(_ marks: [Mark], front: ParetoFront, pictures: Int, budget: Budget) {
    self.marks = marks
    self.front = front
    self.pictures = pictures
    self.budget = budget
    let budgetBytes = budget.fileBytes.map { [Double($0)] } ?? []
    let budgetRAM = budget.ramBytes.map { [Double($0)] } ?? []
    bytes = ChartAxis(
      marks.map { Double($0.point.score.fileBytes) } + budgetBytes, .logarithmic,
      from: Self.plot.left, to: Self.plot.right)
    errors = ChartAxis(
      marks.map { Self.error($0.point.score.correct, of: pictures) }, .logarithmic,
      from: Self.plot.top, to: Self.plot.bottom)
    ram = ChartAxis(
      marks.map { Double($0.point.ramBytes) } + budgetRAM, .logarithmic,
      from: Self.bar.bottom, to: Self.bar.top)
  }

  /// The share of wrong answers; half a picture where there is none, as zero has no place on the axis.
  private static func error(_ correct: Int, of pictures: Int) -> Double {
    max(Double(pictures - correct), 0.5) / Double(pictures)
  }

  /// The file.
  var svg: String {
    let title = SVG.label(
      Self.plot.left, 26, "start", "Validation accuracy against bytes of model file, and RAM")
    return SVG.file(
      width: Self.size.width, height: Self.size.height,
      body: title + grid + budgetLine + frontLine + points + legend)
  }

  private func x(_ point: FrontPoint) -> Double { bytes.position(Double(point.score.fileBytes)) }
  private func y(_ point: FrontPoint) -> Double {
    errors.position(Self.error(point.score.correct, of: pictures))
  }

  private var grid: String {
    let (left, top, right, bottom) = Self.plot
    var body = ""
    for tick in bytes.ticks {
      let place = bytes.position(tick)
      body += Self.line(place, top, place, bottom, "#e4e4e4")
      body += SVG.label(place, bottom + 20, "middle", NumberFormat.grouped(Int(tick)))
    }
    for tick in errors.ticks where tick <= 1 {
      let place = errors.position(tick)
      body += Self.line(left, place, right, place, "#e4e4e4")
      body += SVG.label(left - 8, place + 4, "end", Self.accuracy(tick))
    }
    body += Self.line(left, bottom, right, bottom, "#555555")
    body += Self.line(left, top, left, bottom, "#555555")
    body += SVG.label((left + right) / 2, bottom + 44, "middle", "bytes of model file")
    return body + SVG.label(left - 8, top - 8, "end", "accuracy")
  }

  /// With as many places as it takes to tell the ticks apart.
  private static func accuracy(_ error: Double) -> String {
    let places = max(0, Int((-log10(error) - 2).rounded(.up)))
    return NumberFormat.decimal((1 - error) * 100, places: places) + " %"
  }

  private var budgetLine: String {
    guard let budget = budget.fileBytes else { return "" }
    let place = bytes.position(Double(budget))
    return Self.line(place, Self.plot.top, place, Self.plot.bottom, "#b3261e", "6 4")
      + SVG.label(
        place - 6, Self.plot.bottom - 10, "end", "budget \(NumberFormat.grouped(budget))")
  }

  /// The best accuracy up to each size, in steps.
  private var frontLine: String {
    var path = ""
    var highest = Int.min
    for point in front.points where point.score.correct > highest {
      highest = point.score.correct
      let (x, y) = (SVG.number(x(point)), SVG.number(y(point)))
      path += path.isEmpty ? "M\(x) \(y)" : "H\(x)V\(y)"
    }
    guard !path.isEmpty else { return "" }
    path += "H\(SVG.number(Self.plot.right))"
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"#222222\" stroke-width=\"1.5\"/>\n"
  }

  private var points: String {
    let onFront = Set(front.points.map(\.score.trial))
    // The front's own come last, on top of the others.
    let ordered =
      marks.filter { !onFront.contains($0.point.score.trial) }
      + marks.filter { onFront.contains($0.point.score.trial) }
    return ordered.map { mark in
      let isOnFront = onFront.contains(mark.point.score.trial)
      let share = ram.share(Double(mark.point.ramBytes))
      let radius = Self.radii.least + share * (Self.radii.most - Self.radii.least)
      let (x, y) = (x(mark.point), y(mark.point))
      let look =
        isOnFront
        ? "stroke=\"#222222\" stroke-width=\"1.5\"" : "opacity=\"0.45\" stroke=\"#ffffff\""
      let circle =
        "<circle cx=\"\(SVG.number(x))\" cy=\"\(SVG.number(y))\" r=\"\(SVG.number(radius))\" "
        + "fill=\"\(Self.colour(share))\" \(look)><title>\(SVG.escaped(mark.title))</title></circle>\n"
      guard isOnFront else { return circle }
      return circle + SVG.label(x, y - radius - 4, "middle", "\(mark.point.score.trial)")
    }.joined()
  }

  private var legend: String {
    let (left, top, width, bottom) = Self.bar
    var body = SVG.label(left, top - 22, "start", "bytes of RAM")
    let slices = 60
    for slice in 0..<slices {
      let height = (bottom - top) / Double(slices)
      // They overlap a little, so that no white shows between them.
      body +=
        "<rect x=\"\(SVG.number(left))\" y=\"\(SVG.number(bottom - Double(slice + 1) * height))\" "
        + "width=\"\(SVG.number(width))\" height=\"\(SVG.number(height + 0.5))\" "
        + "fill=\"\(Self.colour((Double(slice) + 0.5) / Double(slices)))\"/>\n"
    }
    for tick in ram.ticks {
      let place = ram.position(tick)
      body += Self.line(left + width, place, left + width + 5, place, "#555555")
      body += SVG.label(left + width + 9, place + 4, "start", NumberFormat.grouped(Int(tick)))
    }
    if let budget = budget.ramBytes {
      let place = ram.position(Double(budget))
      body += Self.line(left - 8, place, left + width + 8, place, "#b3261e", "6 4")
      body += SVG.label(left, top - 44, "start", "RAM budget \(NumberFormat.grouped(budget))")
    }
    body += SVG.label(left, bottom + 34, "start", "outlined: on the front,")
    return body + SVG.label(left, bottom + 52, "start", "with the trial's number")
  }

  /// From blue over orange to red.
  private static func colour(_ share: Double) -> String {
    let stops = [(44.0, 123.0, 182.0), (253.0, 174.0, 97.0), (215.0, 25.0, 28.0)]
    let place = share * 2
    let (one, other) = place < 1 ? (stops[0], stops[1]) : (stops[1], stops[2])
    let part = place < 1 ? place : place - 1
    let blend = { (first: Double, last: Double) in Int((first + part * (last - first)).rounded()) }
    return "rgb(\(blend(one.0, other.0)),\(blend(one.1, other.1)),\(blend(one.2, other.2)))"
  }

  private static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, _ dashes: String = ""
  ) -> String {
    "<line x1=\"\(SVG.number(x1))\" y1=\"\(SVG.number(y1))\" x2=\"\(SVG.number(x2))\" "
      + "y2=\"\(SVG.number(y2))\" stroke=\"\(colour)\""
      + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"") + "/>\n"
  }
}
