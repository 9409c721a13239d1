import Testing

@testable import CLI

@Suite("Number format")
struct NumberFormatTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (1_234_567, "1,234,567"),
    (.min, "-9,223,372,036,854,775,808"),
  ])
  func `digits stand in groups of three`(number: Int, text: String) {
    #expect(NumberFormat.grouped(number) == text)
  }

  @Test(arguments: [
    (0.9945, "99.45 %"), (1, "100.00 %"), (0, "0.00 %"), (0.00004, "0.00 %"),
    (0.999999, "100.00 %"),
  ])
  func `shares are percentages`(share: Double, text: String) {
    #expect(NumberFormat.percent(share) == text)
  }

  @Test(arguments: [
    (1234.5, 2, "1,234.50"), (0.05, 1, "0.1"), (-0.001, 2, "0.00"), (-2.5, 1, "-2.5"),
    (7.6, 0, "8"), (.nan, 2, "nan"), (-.infinity, 2, "-inf"), (1e300, 2, "1e+300"),
  ])
  func `decimals have fixed places`(number: Double, places: Int, text: String) {
    #expect(NumberFormat.decimal(number, places: places) == text)
  }

  @Test(arguments: [
    (0, "0:00"), (12.4, "0:12"), (59.6, "1:00"), (3723, "1:02:03"), (-1, "-:--"), (.nan, "-:--"),
    (.infinity, "-:--"),
  ])
  func `durations are minutes and seconds`(seconds: Double, text: String) {
    #expect(NumberFormat.duration(seconds: seconds) == text)
  }
}
