import Foundation

extension IDX {
  /// The two files that hold a dataset of one channel, pictures and labels; the inverse of `dataset(pictures:labels:)`.
  public static func files(of dataset: Dataset) -> (pictures: Data, labels: Data) {
    precondition(dataset.shape.channels == 1, "IDX3 holds pictures of one channel")
    var pictures = header(
      .pictures, [dataset.count, dataset.shape.height, dataset.shape.width])
    var labels = header(.labels, [dataset.count])
    for index in 0..<dataset.count {
      dataset.withPicture(at: index) { pictures.append($0) }
      labels.append(UInt8(dataset.label(at: index)))
    }
    return (pictures, labels)
  }

  private static func header(_ content: Content, _ extents: [Int]) -> Data {
    var header = Data([0, 0, 8, UInt8(content.rawValue)])
    for extent in extents {
      for shift in [24, 16, 8, 0] { header.append(UInt8(truncatingIfNeeded: extent >> shift)) }
    }
    return header
  }
}
