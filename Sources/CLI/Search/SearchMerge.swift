import Foundation
import Search

/// Brings the shares of a search together in a new folder, as if one run had drawn all their trials.
struct SearchMerge {
  /// One share.
  private struct Part {
    let folder: SearchFolder
    let settings: SearchSettings
    let trials: [TrialRecord]
    let results: [ResultRecord]
    /// Nobody goes on with it while its files are taken.
    let lock: OutputLock
  }

  private let folder: SearchFolder
  private let parts: [Part]
  /// Of the whole.
  private let settings: SearchSettings

  /// Reads the shares in these folders.
  /// - Throws: a `Failure` that names two folders that don't belong together, and the option; or `folder` has a search already.
  init(_ paths: [String], into folder: SearchFolder) throws {
    guard
      try Folder.kind(of: folder.path) == .nothing || Folder.names(in: folder.path).isEmpty
    else { throw Failure("\(folder.path): is not empty; --merge wants a new --output") }
    for (index, path) in paths.enumerated()
    where paths[..<index].contains(where: { FilePlace($0) == FilePlace(path) }) {
      throw Failure("\(path): is named twice")
    }
    self.folder = folder
    var parts: [Part] = []
    for path in paths {
      let part = try Self.part(path)
      if let first = parts.first,
        let difference = first.settings.difference(from: part.settings, ignoringShare: true)
      {
        throw Failure("\(first.folder.path) and \(path) are not of one search: \(difference)")
      }
      parts.append(part)
    }
    guard var settings = parts.first?.settings else { throw Failure("--merge takes folders") }
    settings.share = .whole
    self.settings = settings
    self.parts = parts
    try checkNumbers()
  }

  /// Writes all trials, their results and files: a search that can be gone on with.
  /// - Throws: `FileError`, `Failure`, `Interrupted`.
  func write() throws {
    // It takes its name once all is there.
    let unfinished = folder.file(".search.sqlite")
    for suffix in ["", "-journal"] { unlink(unfinished + suffix) }
    do {
      let database = try SearchDatabase(unfinished)
      try database.write(settings)
      for part in parts {
        try database.write(part.trials, part.results)
        for trial in part.trials { try copyFiles(of: trial.number, from: part.folder) }
      }
    }
    try OutputFile.write(Data(settings.space.utf8), to: folder.space)
    guard rename(unfinished, folder.database) == 0 else {
      throw FileError.failed(doing: .writing, path: folder.database, reason: .last)
    }
  }

  private static func part(_ path: String) throws -> Part {
    let folder = SearchFolder(path: path)
    guard Folder.kind(of: folder.database) == .file else {
      throw Failure("\(path): there is no search in it")
    }
    let lock = try OutputLock(path)
    let database = try SearchDatabase(existing: folder.database)
    guard let settings = try database.settings() else {
      throw Failure("\(path): the search in it has not begun")
    }
    return Part(
      folder: folder, settings: settings, trials: try database.trials(),
      results: try database.results(), lock: lock)
  }

  /// Checks that no trial is in two folders.
  private func checkNumbers() throws {
    var owners: [Int: String] = [:]
    for part in parts {
      for trial in part.trials {
        if let owner = owners.updateValue(part.folder.path, forKey: trial.number) {
          throw Failure("\(owner) and \(part.folder.path) both have trial \(trial.number)")
        }
      }
    }
  }

  private func copyFiles(of trial: Int, from source: SearchFolder) throws {
    for kind in SearchFolder.TrialFile.allCases {
      try Interruption.check()
      let path = source.file(kind, of: trial)
      guard Folder.kind(of: path) == .file else { continue }
      try OutputFile.write(try InputFile.read(path), to: folder.file(kind, of: trial))
    }
  }
}
