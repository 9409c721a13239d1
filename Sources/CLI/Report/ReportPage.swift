import Foundation
import Mustache

/// A report as its template reads it: one page with everything in it, that asks for nothing from elsewhere.
///
/// It follows from what it is about alone: no time, no place.
struct ReportPage {
  private let title: String
  private let style = Self.text(PackageResources.style_css)
  private let version = Thimble.configuration.version
  private let facts: RunFacts
  private let score: Accuracy
  private let runs: RunTable?
  private let epochs: EpochSection?
  private let layers: LayerTable
  private let confusion: ConfusionSection
  private let labels: LabelTable
  private let filters: FilterSection?
  private let maps: FeatureMapSection?
  private let hardest: HardestPictures
  private let model: ModelSection?

  /// Looks at everything.
  init(_ subject: ReportSubject) throws {
    title = subject.run.fileName
    facts = RunFacts(subject)
    score = Accuracy(subject)
    runs = RunTable(subject)
    epochs = EpochSection(subject)
    layers = LayerTable(subject.network)
    confusion = ConfusionSection(
      subject.run.evaluation.confusion, labels: subject.validation.labelNames,
      answers: subject.answerNames)
    labels = LabelTable(subject)
    filters = FilterSection(subject.network)
    maps = try FeatureMapSection(subject)
    hardest = HardestPictures(subject)
    model = subject.model.map { ModelSection($0.file, $0.name, $0.evaluation) }
  }

  /// The page, well-formed as XML, too.
  var html: String {
    guard let page = Self.templates.render(self, withTemplate: "report") else {
      preconditionFailure("the report's template is there")
    }
    return page
  }

  private static let templates: MustacheLibrary = {
    MustacheContentTypes.register(PageText(), named: PageText.name)
    do {
      var library = MustacheLibrary()
      try library.register(text(PackageResources.report_mustache), named: "report")
      try library.register(text(PackageResources.chart_mustache), named: "chart")
      return library
    } catch { preconditionFailure("the report's templates can be read: \(error)") }
  }()

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
