import Foundation

/// The folder for what can be made again: downloads and unpacked files.
struct CacheFolder: Hashable {
  /// Its path; it may not exist yet.
  let path: String

  /// A cache at `path`.
  init(path: String) { self.path = path }

  /// The user's cache: `THIMBLE_CACHE`, else `thimble` in `XDG_CACHE_HOME`, else `~/.cache/thimble`. As the XDG rules
  /// say, a relative `XDG_CACHE_HOME` doesn't count; an empty variable is no variable.
  init(environment: [String: String]) {
    if let own = environment["THIMBLE_CACHE"], !own.isEmpty {
      path = own
    } else if let shared = environment["XDG_CACHE_HOME"], shared.hasPrefix("/") {
      path = shared + "/thimble"
    } else {
      let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
      path = home + "/.cache/thimble"
    }
  }

  /// The path of `name` in the cache.
  func path(of name: String) -> String { path + "/" + name }
}
