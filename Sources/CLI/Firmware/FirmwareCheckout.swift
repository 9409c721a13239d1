import Foundation

/// The checkout that firmware is built from.
struct FirmwareCheckout {
  /// Its folder.
  let path: String
  /// The names of the boards, sorted.
  let targets: [String]

  /// Finds the checkout: `option`, else the one that this tool was built from.
  init(_ option: String?) throws {
    path = option ?? Self.builtFrom
    guard Folder.kind(of: path + "/Firmware/Makefile") == .file else {
      throw Failure(
        option == nil
          ? "the sources that this tool was built from are not at \(path); name a checkout with --source"
          : "\(path) is no checkout: it has no Firmware/Makefile")
    }
    targets = try Folder.names(in: path + "/Firmware/Boards").sorted()
  }

  /// Three folders up from this file.
  private static var builtFrom: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
  }
}
