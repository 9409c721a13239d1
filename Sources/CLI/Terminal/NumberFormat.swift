/// How numbers are shown to people, the same in every locale.
enum NumberFormat {
  /// Digits in groups of three: `1,234,567`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// A share of one: `99.45 %`.
  static func percent(_ share: Double) -> String { decimal(share * 100, places: 2) + " %" }

  /// A number with a fixed count of decimal places, groups of three in front: `1,234.50`.
  static func decimal(_ number: Double, places: Int) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (number.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(number)" }
    let units = Int(scaled)
    let fraction = String(units % Int(scale))
    let padding = String(repeating: "0", count: max(0, places - fraction.count))
    let sign = number < 0 && units > 0 ? "-" : ""
    let whole = sign + grouped(units / Int(scale))
    return places == 0 ? whole : "\(whole).\(padding)\(fraction)"
  }

  /// A duration in whole seconds: `0:12`, `1:02:03`.
  static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 3.6e8 else { return "-:--" }
    let total = Int(seconds.rounded())
    let twoDigits = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, twoDigits(total % 60))
    return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(rest)" : "\(minutes):\(rest)"
  }
}
